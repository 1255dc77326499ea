import { Allow } from '@trenza/auth';
import { connection, GeoPoint, GraphQLDateTimeISO } from '@trenza/values';
import { Directive, Field, Float, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import type { Opening } from './opening-hours.ts';

export enum StoreKind {
  STORE = 'store',
  WAREHOUSE = 'warehouse',
}
registerEnumType(StoreKind, {
  name: 'StoreKind',
  description: 'A store receives customers, a warehouse only ships.',
});

export enum StoreService {
  PICK_UP = 'pick-up',
  SAME_DAY = 'same-day',
  SHIP_FROM_STORE = 'ship-from-store',
  RETURNS = 'returns',
  EXPERIENCE_ROOM = 'experience-room',
}
registerEnumType(StoreService, { name: 'StoreService', description: 'What a store does for its customers.' });

@ObjectType({ description: 'From when to when, on the clock of the store.' })
export class OpeningSpan {
  @Field(() => String, { description: 'HH:MM.' })
  from: string;

  @Field(() => String, { description: 'HH:MM, up to 24:00; not after `from` means on the next day.' })
  to: string;
}

@ObjectType({ description: 'A day with hours of its own, or closed.' })
export class OpeningException {
  @Field(() => String, { description: 'YYYY-MM-DD.' })
  date: string;

  @Field(() => [OpeningSpan], { description: 'Empty: closed.' })
  hours: OpeningSpan[];

  @Field(() => String, { nullable: true, description: 'For example the name of the holiday.' })
  reason?: string | null;
}

@ObjectType({ description: 'When a store is open.' })
export class OpeningHours {
  @Field(() => [[OpeningSpan]], { description: 'Seven days, beginning with Monday.' })
  weekly: OpeningSpan[][];

  @Field(() => [OpeningException], { description: 'Days that differ.' })
  exceptions: OpeningException[];
}

@ObjectType({ description: 'From when to when a store is open.' })
export class OpeningInterval {
  @Field(() => GraphQLDateTimeISO, { description: 'When it opens or opened.' })
  opensAt: Date;

  @Field(() => GraphQLDateTimeISO, { description: 'When it closes.' })
  closesAt: Date;
}

@ObjectType({ description: 'A place that keeps stock: a store or a warehouse.' })
@Directive('@key(fields: "id")')
@Directive('@cacheControl(maxAge: 300)')
@Allow('anyone')
export class Store {
  @Field(() => ID, { description: 'Immutable id.' })
  id: string;

  @Field(() => String, { description: 'The code by which the retailer knows it.' })
  code: string;

  @Field(() => String, { description: 'Name on the door.' })
  name: string;

  @Field(() => StoreKind, { description: 'Store or warehouse.' })
  kind: StoreKind;

  @Field(() => GeoPoint, { description: 'Where it stands.' })
  location: GeoPoint;

  @Field(() => String, { description: 'IANA time zone, for example Europe/Madrid.' })
  timeZone: string;

  @Field(() => String, { nullable: true, description: 'Street and number.' })
  street: string | null;

  @Field(() => String, { nullable: true, description: 'Town.' })
  city: string | null;

  @Field(() => String, { nullable: true, description: 'Region, province or state.' })
  region: string | null;

  @Field(() => String, { nullable: true, description: 'Postal code.' })
  postalCode: string | null;

  @Field(() => String, { nullable: true, description: 'ISO 3166 code of the country.' })
  country: string | null;

  @Field(() => String, { nullable: true, description: 'Telephone of the store.' })
  phone: string | null;

  @Field(() => [StoreService], { description: 'What it does for customers.' })
  services: StoreService[];

  @Field(() => OpeningHours, { description: 'When it is open.' })
  opening: Opening;

  @Field(() => Int, { description: 'Opening minutes it needs to prepare an order.' })
  preparationMinutes: number;

  @Field(() => String, { nullable: true, description: 'HH:MM until which it takes orders for the same day.' })
  sameDayCutOff: string | null;

  @Field(() => String, { nullable: true, description: 'HH:MM at which the carrier collects.' })
  shippingCutOff: string | null;

  @Field(() => Float, { description: 'How far it delivers on the same day.' })
  sameDayRadiusKm: number;

  @Field(() => Boolean, { description: 'False once it is closed for good.' })
  active: boolean;

  @Field(() => Float, {
    nullable: true,
    description: 'Distance to the point that was asked about; null where none was.',
  })
  distanceKm?: number | null;
}

@ObjectType({ description: 'A page of stores, the nearest first where a point was given.' })
export class StoreConnection extends connection('Store', () => Store) {}

@InputType({ description: 'From when to when, on the clock of the store.' })
export class OpeningSpanInput {
  @Field(() => String, { description: 'HH:MM.' })
  from: string;

  @Field(() => String, { description: 'HH:MM, up to 24:00; not after `from` means on the next day.' })
  to: string;
}

@InputType({ description: 'A day with hours of its own, or closed.' })
export class OpeningExceptionInput {
  @Field(() => String, { description: 'YYYY-MM-DD.' })
  date: string;

  @Field(() => [OpeningSpanInput], { description: 'Empty: closed.' })
  hours: OpeningSpanInput[];

  @Field(() => String, { nullable: true, description: 'For example the name of the holiday.' })
  reason?: string | null;
}

@InputType({ description: 'When a store is open.' })
export class OpeningHoursInput {
  @Field(() => [[OpeningSpanInput]], { description: 'Seven days, beginning with Monday.' })
  weekly: OpeningSpanInput[][];

  @Field(() => [OpeningExceptionInput], { defaultValue: [], description: 'Days that differ.' })
  exceptions: OpeningExceptionInput[];
}

@InputType({ description: 'A store or warehouse as it shall be; recognised by its code.' })
export class ImportStoreInput {
  @Field(() => ID, { nullable: true, description: 'Id for a new one; made here if it is missing.' })
  id?: string | null;

  @Field(() => String, { description: 'The code by which the retailer knows it.' })
  code: string;

  @Field(() => String, { description: 'Name on the door.' })
  name: string;

  @Field(() => StoreKind, { defaultValue: StoreKind.STORE, description: 'Store or warehouse.' })
  kind: StoreKind;

  @Field(() => Float, { description: 'Degrees north.' })
  latitude: number;

  @Field(() => Float, { description: 'Degrees east.' })
  longitude: number;

  @Field(() => String, { description: 'IANA time zone, for example Europe/Madrid.' })
  timeZone: string;

  @Field(() => String, { nullable: true, description: 'Street and number.' })
  street?: string | null;

  @Field(() => String, { nullable: true, description: 'Town.' })
  city?: string | null;

  @Field(() => String, { nullable: true, description: 'Region, province or state.' })
  region?: string | null;

  @Field(() => String, { nullable: true, description: 'Postal code.' })
  postalCode?: string | null;

  @Field(() => String, { nullable: true, description: 'ISO 3166 code of the country.' })
  country?: string | null;

  @Field(() => String, { nullable: true, description: 'Telephone of the store.' })
  phone?: string | null;

  @Field(() => [StoreService], { defaultValue: [], description: 'What it does for customers.' })
  services: StoreService[];

  @Field(() => OpeningHoursInput, { nullable: true, description: 'When it is open; without it, always.' })
  opening?: OpeningHoursInput | null;

  @Field(() => Int, { defaultValue: 60, description: 'Opening minutes it needs to prepare an order.' })
  preparationMinutes: number;

  @Field(() => String, { nullable: true, description: 'HH:MM until which it takes orders for the same day.' })
  sameDayCutOff?: string | null;

  @Field(() => String, { nullable: true, description: 'HH:MM at which the carrier collects.' })
  shippingCutOff?: string | null;

  @Field(() => Float, { defaultValue: 15, description: 'How far it delivers on the same day.' })
  sameDayRadiusKm: number;

  @Field(() => Boolean, { defaultValue: true, description: 'False to close it for good.' })
  active: boolean;
}

@InputType({ description: 'Stores and warehouses to be made or changed.' })
export class ImportStoresInput {
  @Field(() => [ImportStoreInput], { description: 'At most 1,000.' })
  stores: ImportStoreInput[];
}
