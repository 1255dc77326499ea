import { Channel, connection, GraphQLDateTimeISO, UserError } from '@trenza/values';
import { Field, Float, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { FeedbackTheme } from '../answers/answer.type.ts';
import { Product } from '../customers/entities.ts';

export enum ReviewStatus {
  PENDING = 'pending',
  APPROVED = 'approved',
  REJECTED = 'rejected',
}
registerEnumType(ReviewStatus, { name: 'ReviewStatus', description: 'Whether a review is shown.' });

export enum ReviewKind {
  REVIEW = 'review',
  MENTION = 'mention',
}
registerEnumType(ReviewKind, {
  name: 'ReviewKind',
  description: 'A review of a product or order, or a mention on a social network.',
});

@ObjectType({
  description: 'What somebody wrote about a product or an order, here or elsewhere. Shown without its author.',
})
export class Review {
  @Field(() => ID, { description: 'The review.' })
  id: string;

  @Field(() => String, { description: 'Where it was written; "trenza" is here.' })
  source: string;

  @Field(() => ReviewKind, { description: 'Review or mention.' })
  kind: ReviewKind;

  @Field(() => Float, { nullable: true, description: '1 to 5.' })
  rating: number | null;

  @Field(() => String, { nullable: true, description: 'Its headline.' })
  title: string | null;

  @Field(() => String, { nullable: true, description: 'What was written.' })
  text: string | null;

  @Field(() => String, { nullable: true, description: 'Language of the text.' })
  language: string | null;

  @Field(() => Float, { nullable: true, description: '−1 (furious) to 1 (delighted).' })
  sentiment: number | null;

  @Field(() => [FeedbackTheme], { description: 'What it speaks of.' })
  themes: FeedbackTheme[];

  @Field(() => ReviewStatus, { description: 'Whether it is shown.' })
  status: ReviewStatus;

  @Field(() => Boolean, { description: 'Collected by another system.' })
  imported: boolean;

  @Field(() => GraphQLDateTimeISO, { description: 'When it was written.' })
  occurredAt: Date;

  @Field(() => Product, { nullable: true, description: 'What it is about.' })
  product: Product | null;
}

@ObjectType({ description: 'A page of reviews.' })
export class ReviewConnection extends connection('Review', () => Review) {}

@ObjectType({ description: 'What customers think of a product: approved reviews only.' })
export class ProductReviews {
  @Field(() => Int, { description: 'How many reviews.' })
  count: number;

  @Field(() => Float, { nullable: true, description: 'Mean of the ratings, 1 to 5; null without one.' })
  average: number | null;

  @Field(() => [Int], { description: 'How many gave 1, 2, 3, 4 and 5 stars.' })
  distribution: number[];

  @Field(() => Float, { nullable: true, description: 'Mean sentiment of the texts, −1 to 1.' })
  sentiment: number | null;

  productId: string;
}

@InputType({ description: 'A review of a product.' })
export class WriteReviewInput {
  @Field(() => String, { description: 'Makes a double submission harmless.' })
  idempotencyKey: string;

  @Field(() => ID, { nullable: true, description: 'For whom staff or a service writes.' })
  profileId?: string;

  @Field(() => ID, { nullable: true, description: 'What it is about.' })
  productId?: string;

  @Field(() => ID, { nullable: true, description: 'The order it is about.' })
  orderId?: string;

  @Field(() => ID, { nullable: true, description: 'The store it is about.' })
  storeId?: string;

  @Field(() => Channel, { nullable: true, description: 'Where it is written.' })
  channel?: Channel;

  @Field(() => Int, { description: '1 to 5.' })
  rating: number;

  @Field(() => String, { nullable: true, description: 'Its headline.' })
  title?: string;

  @Field(() => String, { nullable: true, description: 'The text.' })
  text?: string;

  @Field(() => String, { nullable: true, description: 'Language of the text; found out unless said.' })
  language?: string;
}

@InputType({ description: 'Whether a review is shown.' })
export class ModerateReviewInput {
  @Field(() => ID, { description: 'The review.' })
  reviewId: string;

  @Field(() => Boolean, { description: 'Show it.' })
  approved: boolean;
}

@ObjectType({ description: 'The review as it is kept.' })
export class ReviewPayload {
  @Field(() => Review, { nullable: true, description: 'Null if there are errors.' })
  review: Review | null;

  @Field(() => [UserError], { description: 'What to put right.' })
  errors: UserError[];
}

@InputType({ description: 'One review or mention of another system.' })
export class ImportReviewInput {
  @Field(() => String, { description: "The source's id of it: each is taken once." })
  externalId: string;

  @Field(() => ReviewKind, { defaultValue: ReviewKind.REVIEW, description: 'Review or mention.' })
  kind: ReviewKind;

  @Field(() => ID, { nullable: true, description: 'Who wrote it.' })
  profileId?: string;

  @Field(() => ID, { nullable: true, description: 'What it is about …' })
  productId?: string;

  @Field(() => String, {
    nullable: true,
    description: '… or its stock-keeping unit; resolved when inventory tells of it.',
  })
  productSku?: string;

  @Field(() => ID, { nullable: true, description: 'The order it is about.' })
  orderId?: string;

  @Field(() => ID, { nullable: true, description: 'The store it is about.' })
  storeId?: string;

  @Field(() => Channel, { nullable: true, description: 'Where it was written.' })
  channel?: Channel;

  @Field(() => Float, { nullable: true, description: '1 to 5.' })
  rating?: number;

  @Field(() => String, { nullable: true, description: 'Its headline.' })
  title?: string;

  @Field(() => String, { nullable: true, description: 'The text.' })
  text?: string;

  @Field(() => String, { nullable: true, description: 'Language of the text; found out unless said.' })
  language?: string;

  @Field(() => GraphQLDateTimeISO, { description: 'When it was written.' })
  occurredAt: Date;
}

@InputType({ description: 'Up to 1,000 reviews of one source.' })
export class ImportReviewsInput {
  @Field(() => String, { description: 'Names the system they come from.' })
  source: string;

  @Field(() => [ImportReviewInput], { description: 'The reviews.' })
  reviews: ImportReviewInput[];
}

@ObjectType({ description: 'How many reviews there are of a source or in a month.' })
export class ReviewTotal {
  @Field(() => String, { description: 'The source, or the month as YYYY-MM (UTC).' })
  key: string;

  @Field(() => Int, { description: 'Reviews and mentions.' })
  count: number;

  @Field(() => Int, { description: 'Those with a rating.' })
  rated: number;

  @Field(() => Float, { nullable: true, description: 'Mean of the ratings.' })
  average: number | null;
}

@ObjectType({ description: 'How many reviews there are, to be compared with what was imported.' })
export class ReviewTotals {
  @Field(() => Int, { description: 'Reviews and mentions.' })
  count: number;

  @Field(() => Int, { description: 'Those with a rating.' })
  rated: number;

  @Field(() => Float, { nullable: true, description: 'Mean of the ratings.' })
  average: number | null;

  @Field(() => [ReviewTotal], { description: 'By source.' })
  bySource: ReviewTotal[];

  @Field(() => [ReviewTotal], { description: 'By month, the oldest first.' })
  byMonth: ReviewTotal[];
}
