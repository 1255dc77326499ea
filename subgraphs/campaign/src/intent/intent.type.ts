import { GraphQLDateTimeISO } from '@trenza/values';
import { Field, Float, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { Product, Store } from '../facts/catalogue.type.ts';

enum IntentKindName {
  BEHAVIOURAL = 'behavioural',
  EVENT = 'event',
  AFFINITY = 'affinity',
  TRANSACTIONAL = 'transactional',
}
registerEnumType(IntentKindName, {
  name: 'IntentKind',
  description: 'What an intent was read from: browsing, an occasion, a liking, or what she bought.',
});

@ObjectType({ description: 'How strongly she is drawn to a topic now.' })
export class CustomerIntent {
  @Field(() => IntentKindName, { description: 'What it was read from.' })
  kind: string;

  @Field(() => String, { description: '`product:<id>`, `category:<name>`, `store:<id>` or `search:<words>`.' })
  topic: string;

  @Field(() => String, { description: 'The topic as a person reads it.' })
  label: string;

  @Field(() => Float, { description: 'Strength after decay; one look at a product adds 1.' })
  strength: number;

  @Field(() => Int, { description: 'In this time the strength halves.' })
  halfLifeSeconds: number;

  @Field(() => GraphQLDateTimeISO, { description: 'The newest signal.' })
  lastAt: Date;

  @Field(() => Product, { nullable: true, description: 'The product, where the topic is one.' })
  product: Product | null;

  @Field(() => Store, { nullable: true, description: 'The store, where the topic is one.' })
  store: Store | null;
}

@ObjectType({ description: 'One signal that shows a spike.' })
export class IntentEvidence {
  @Field(() => ID, { description: 'The event that carried the signal.' })
  eventId: string;

  @Field(() => Float, { description: 'How much it counted.' })
  weight: number;

  @Field(() => GraphQLDateTimeISO, { description: 'When it happened.' })
  at: Date;
}

@ObjectType({ description: 'A day on which she cared for a topic far more than she and others usually do.' })
export class IntentSpike {
  @Field(() => ID, { description: 'Id of the spike.' })
  id: string;

  @Field(() => String, { description: 'The topic, as in CustomerIntent.' })
  topic: string;

  @Field(() => Int, { description: 'Signals within the day.' })
  signals: number;

  @Field(() => Float, { description: 'Signals to be expected of her in a day.' })
  ownBaseline: number;

  @Field(() => Float, { description: 'Signals that others show on a day on which they care for it.' })
  peerBaseline: number;

  @Field(() => Float, { description: 'Probability of so many signals by chance, given her past.' })
  probability: number;

  @Field(() => GraphQLDateTimeISO, { description: 'When it was noticed.' })
  spikedAt: Date;

  @Field(() => [IntentEvidence], {
    description: 'The signals that show it, newest first. Older than four weeks they are forgotten.',
  })
  evidence: IntentEvidence[];
}
