import { registerEnumType } from 'type-graphql';

/** Where a contact between the customer and the retailer takes place. GraphQL says `CALL_CENTRE`, events and rows say `call-centre`. */
export enum Channel {
  WEB = 'web',
  APP = 'app',
  STORE = 'store',
  CALL_CENTRE = 'call-centre',
  SOCIAL = 'social',
  EVENT = 'event',
  MARKETPLACE = 'marketplace',
  EMAIL = 'email',
  SMS = 'sms',
  PUSH = 'push',
  OTHER = 'other',
}

registerEnumType(Channel, {
  name: 'Channel',
  description: 'Where a contact between the customer and the retailer takes place.',
});
