import { GraphQLDateTimeISO, UserError } from '@trenza/values';
import { Field, Float, ID, InputType, Int, ObjectType } from 'type-graphql';
import { Product } from '../products/product.type.ts';
import { Store } from '../places/place.type.ts';

@ObjectType({ description: 'The stock of one product at one place.' })
export class StockLevel {
  @Field(() => Int, { description: 'Units in the place.' })
  onHand: number;

  @Field(() => Int, { description: 'Units that are paid for and have not left yet.' })
  allocated: number;

  @Field(() => Int, { description: 'Units kept for somebody for a limited time.' })
  held: number;

  @Field(() => Int, { description: 'Units on their way to this place.' })
  inTransit: number;

  @Field(() => Int, { description: 'Units that are not promised to anybody from afar.' })
  safetyStock: number;

  @Field(() => Int, {
    description: 'Available to promise: on hand − allocated − held − safety stock, never below zero.',
  })
  available: number;

  productId: string;
  placeId: string;
}

@ObjectType({ description: 'One line of what makes up an available-to-promise figure.' })
export class StockExplanationLine {
  @Field(() => String, { description: 'Movement kind (sale, receipt, …), held, allocated or safety-stock.' })
  kind: string;

  @Field(() => Int, { description: 'What it adds, or takes away.' })
  quantity: number;

  @Field(() => ID, { nullable: true, description: 'The order or hold it belongs to.' })
  reference: string | null;

  @Field(() => GraphQLDateTimeISO, { nullable: true, description: 'When it happened last; of a hold, when it ends.' })
  at: Date | null;

  @Field(() => String, { description: 'In words.' })
  detail: string;
}

@ObjectType({ description: 'Why so many and no more can be promised.' })
export class StockExplanation {
  @Field(() => StockLevel, { description: 'The figures.' })
  level: StockLevel;

  @Field(() => [StockExplanationLine], { description: 'What they are made of; the quantities add up to what is free.' })
  lines: StockExplanationLine[];

  @Field(() => String, { description: 'The sum in one sentence.' })
  sentence: string;
}

@ObjectType({ description: 'A counter that differs from the rows behind it.' })
export class StockWrongFigure {
  @Field(() => ID, { description: 'The product.' })
  productId: string;

  @Field(() => ID, { description: 'The place.' })
  placeId: string;

  @Field(() => String, { description: 'onHand, held, allocated or inTransit.' })
  figure: string;

  @Field(() => Int, { description: 'What the counter says.' })
  counter: number;

  @Field(() => Int, { description: 'What the rows sum to.' })
  rows: number;
}

@ObjectType({ description: 'Whether every stock figure is the sum of the rows behind it.' })
export class StockIntegrity {
  @Field(() => Boolean, { description: 'True where nothing is wrong.' })
  ok: boolean;

  @Field(() => Int, { description: 'Rows of stock that were compared.' })
  checked: number;

  @Field(() => [StockWrongFigure], { description: 'At most 100 that are wrong.' })
  wrong: StockWrongFigure[];
}

@ObjectType({ description: 'A store near a point that has the product.' })
export class NearbyStock {
  @Field(() => Store, { description: 'The store.' })
  store: Store;

  @Field(() => Int, { description: 'How many can be promised there.' })
  available: number;

  @Field(() => Float, { description: 'How far it is.' })
  distanceKm: number;

  @Field(() => Boolean, { description: 'Whether it is open now.' })
  openNow: boolean;
}

@ObjectType({ description: 'A place that still has some of what could not be promised as asked.' })
export class StockAlternative {
  @Field(() => Store, { description: 'The place.' })
  store: Store;

  @Field(() => Int, { description: 'How many can be promised there.' })
  available: number;
}

@ObjectType({ description: 'A product of which there is not enough.' })
export class StockShortage {
  @Field(() => Product, { description: 'The product.' })
  product: Product;

  @Field(() => String, { description: 'Its sku.' })
  sku: string;

  @Field(() => Int, { description: 'How many were asked for.' })
  asked: number;

  @Field(() => Int, { description: 'How many can be promised.' })
  available: number;

  @Field(() => [StockAlternative], { description: 'Where there still are some, the preferred place first.' })
  where: StockAlternative[];
}

@InputType({ description: 'What is on hand of one product at one place.' })
export class ImportStockInputRow {
  @Field(() => String, { description: 'The sku.' })
  sku: string;

  @Field(() => String, { description: 'Code of the store or warehouse.' })
  storeCode: string;

  @Field(() => Int, { description: 'Units that are there.' })
  onHand: number;

  @Field(() => Int, {
    nullable: true,
    description: 'Units not to be promised from afar; kept as it is where not given.',
  })
  safetyStock?: number | null;
}

@InputType({ description: 'Stock figures from a file or another system.' })
export class ImportStockInput {
  @Field(() => String, { description: 'Names the file or export. It speaks once about each product and place.' })
  reference: string;

  @Field(() => [ImportStockInputRow], { description: 'At most 1,000.' })
  stock: ImportStockInputRow[];
}

@InputType({ description: 'One product that was counted.' })
export class CountStockLineInput {
  @Field(() => String, { description: 'The sku.' })
  sku: string;

  @Field(() => Int, { description: 'Units found.' })
  counted: number;
}

@InputType({ description: 'What was counted in a place.' })
export class CountStockInput {
  @Field(() => String, { description: 'A repeat with the same key does nothing again.' })
  idempotencyKey: string;

  @Field(() => ID, { description: 'The place that was counted.' })
  storeId: string;

  @Field(() => [CountStockLineInput], { description: 'At most 1,000 products.' })
  lines: CountStockLineInput[];

  @Field(() => String, { description: 'Why it was counted.' })
  reason: string;
}

@InputType({ description: 'A correction of stock with its reason.' })
export class AdjustStockInput {
  @Field(() => String, { description: 'A repeat with the same key does nothing again.' })
  idempotencyKey: string;

  @Field(() => ID, { description: 'The place.' })
  storeId: string;

  @Field(() => String, { description: 'The sku.' })
  sku: string;

  @Field(() => Int, { description: 'Units more, or less where negative.' })
  quantity: number;

  @Field(() => String, { description: 'Why, for example damaged, found, delivered.' })
  reason: string;
}

@ObjectType({ description: 'The stock after a change.' })
export class StockPayload {
  @Field(() => [StockLevel], { nullable: true, description: 'The rows that were changed.' })
  levels?: StockLevel[] | null;

  @Field(() => [UserError], { description: 'Why nothing was changed.' })
  errors: UserError[];
}
