import { Channel, connection, GraphQLDateTimeISO, Money, SafeInt, UserError } from '@trenza/values';
import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import type { ReturnedLine } from '../returns/explain-return.ts';
import type { Shortage } from '../stock/allocation.ts';
import { StockShortage } from '../stock/stock.type.ts';

export enum OrderFulfilment {
  DELIVERY = 'delivery',
  PICK_UP = 'pick-up',
  SHIP_FROM_STORE = 'ship-from-store',
  SAME_DAY = 'same-day',
  STORE = 'store',
}
registerEnumType(OrderFulfilment, {
  name: 'OrderFulfilment',
  description: 'How goods reach the customer. STORE: taken home from the till.',
});

export enum OrderState {
  AWAITING_PAYMENT = 'awaiting-payment',
  PAID = 'paid',
  FULFILLED = 'fulfilled',
  CANCELLED = 'cancelled',
}
registerEnumType(OrderState, { name: 'OrderState', description: 'Where an order stands.' });

export enum FulfilmentState {
  WAITING = 'waiting',
  READY = 'ready',
  SHIPPED = 'shipped',
  HANDED_OVER = 'handed-over',
  CANCELLED = 'cancelled',
}
registerEnumType(FulfilmentState, { name: 'FulfilmentState', description: 'Where the part of one place stands.' });

export enum PaymentMeans {
  CARD = 'card',
  CASH = 'cash',
  POINTS = 'points',
  TRANSFER = 'transfer',
  EXTERNAL = 'external',
}
registerEnumType(PaymentMeans, { name: 'PaymentMeans', description: 'How money was paid.' });

export enum PaymentState {
  PENDING = 'pending',
  AUTHORISED = 'authorised',
  CAPTURED = 'captured',
  DECLINED = 'declined',
  VOIDED = 'voided',
}
registerEnumType(PaymentState, { name: 'PaymentState', description: 'Where a payment stands.' });

@ObjectType({ description: 'A line of an order as it was sold.' })
export class OrderLine {
  @Field(() => ID, { description: 'Id.' })
  id: string;

  @Field(() => String, { description: 'The sku.' })
  sku: string;

  @Field(() => String, { nullable: true, description: 'The name at the time.' })
  name: string | null;

  @Field(() => String, { nullable: true, description: 'The category at the time.' })
  category: string | null;

  @Field(() => Int, { description: 'Units sold.' })
  quantity: number;

  @Field(() => Int, { description: 'Units that came back.' })
  returned: number;

  productId: string | null;
  lineNo: number;
  netAmount: number;
  discountAmount: number;
  currency: string;
  orderId: string;
}

@ObjectType({ description: 'What a promotion or a voucher took off an order.' })
export class OrderDiscount {
  @Field(() => String, { description: 'Name of the promotion, or the code of the voucher, at the time.' })
  name: string;

  @Field(() => String, { nullable: true, description: 'The code of the voucher; null for a promotion.' })
  voucherCode: string | null;

  @Field(() => Money, { description: 'How much.' })
  amount: Money;

  promotionId: string | null;
}

@ObjectType({ description: 'What one place does for an order.' })
export class OrderFulfilmentPart {
  @Field(() => ID, { description: 'Id.' })
  id: string;

  @Field(() => OrderFulfilment, { description: 'How.' })
  kind: OrderFulfilment;

  @Field(() => FulfilmentState, { description: 'Where it stands.' })
  status: FulfilmentState;

  @Field(() => GraphQLDateTimeISO, { nullable: true, description: 'By when it was promised.' })
  promisedFor: Date | null;

  @Field(() => GraphQLDateTimeISO, { nullable: true, description: 'When the promise was broken.' })
  brokenAt: Date | null;

  @Field(() => GraphQLDateTimeISO, { description: 'When it changed last.' })
  changedAt: Date;

  placeId: string;
  orderId: string;
}

@ObjectType({ description: 'A payment of an order.' })
export class OrderPayment {
  @Field(() => ID, { description: 'Id.' })
  id: string;

  @Field(() => PaymentMeans, { description: 'How.' })
  means: PaymentMeans;

  @Field(() => PaymentState, { description: 'Where it stands.' })
  state: PaymentState;

  @Field(() => String, { description: 'Who moved the money.' })
  provider: string;

  amount: number;
  refunded: number;
  currency: string;
  orderId: string;
}

@ObjectType({ description: 'A line of what came back.' })
export class OrderReturnLine {
  @Field(() => String, { description: 'The sku.' })
  sku: string;

  @Field(() => Int, { description: 'How many.' })
  quantity: number;

  @Field(() => String, { description: 'What became of it: restock, write-off, or none where it is not known.' })
  disposition: string;

  returnId: string;
  productId: string | null;
  valueAmount: number;
  currency: string;
  withoutReceipt: boolean;
  sold: ReturnedLine['sold'];
}

@ObjectType({ description: 'Something that came back.' })
export class OrderReturn {
  @Field(() => ID, { description: 'Id.' })
  id: string;

  @Field(() => String, { description: 'Number of the document.' })
  number: string;

  @Field(() => Channel, { description: 'Where it came back.' })
  channel: Channel;

  @Field(() => GraphQLDateTimeISO, { description: 'When.' })
  occurredAt: Date;

  @Field(() => String, { nullable: true, description: 'Why.' })
  reason: string | null;

  orderId: string | null;
  placeId: string | null;
  valueAmount: number;
  refundAmount: number;
  currency: string;
}

@ObjectType({ description: 'An order, from whatever channel.' })
export class Order {
  @Field(() => ID, { description: 'Id.' })
  id: string;

  @Field(() => String, { description: 'The number the customer knows it by.' })
  number: string;

  @Field(() => String, { description: 'The system that numbered it.' })
  source: string;

  @Field(() => Channel, { description: 'Where it was placed.' })
  channel: Channel;

  @Field(() => OrderState, { description: 'Where it stands.' })
  status: OrderState;

  @Field(() => OrderFulfilment, { description: 'How it reaches the customer.' })
  fulfilment: OrderFulfilment;

  @Field(() => String, { nullable: true, description: 'Who sold it.' })
  associateId: string | null;

  @Field(() => GraphQLDateTimeISO, { nullable: true, description: 'By when it was promised.' })
  promisedFor: Date | null;

  @Field(() => GraphQLDateTimeISO, { description: 'When it was placed.' })
  placedAt: Date;

  @Field(() => GraphQLDateTimeISO, { nullable: true, description: 'When it was paid.' })
  completedAt: Date | null;

  @Field(() => GraphQLDateTimeISO, { nullable: true, description: 'When the customer had all of it.' })
  fulfilledAt: Date | null;

  @Field(() => GraphQLDateTimeISO, { nullable: true, description: 'When it was cancelled.' })
  cancelledAt: Date | null;

  @Field(() => String, { nullable: true, description: 'Why it was cancelled.' })
  cancelReason: string | null;

  @Field(() => [String], { description: 'Vouchers used.' })
  voucherCodes: string[];

  @Field(() => Boolean, { description: 'True for history that was brought in from another system.' })
  imported: boolean;

  profileId: string | null;
  placeId: string | null;
  currency: string;
  netAmount: number;
  discountAmount: number;
  shippingAmount: number;
  pointsAmount: number | null;
}

@ObjectType({ description: 'A page of orders, the latest first.' })
export class OrderConnection extends connection('Order', () => Order) {}

@ObjectType({ description: 'An order after a change.' })
export class OrderPayload {
  @Field(() => [StockShortage], {
    description: 'With OUT_OF_STOCK: what there is not enough of, and where there still is some.',
  })
  shortages: StockShortage[];

  @Field(() => [UserError], { description: 'Why it was refused.' })
  errors: UserError[];

  orderId?: string | null;
  short?: readonly (Shortage & { sku: string })[];
}

@ObjectType({ description: 'A return after it was taken.' })
export class OrderReturnPayload {
  @Field(() => [UserError], { description: 'Why it was refused.' })
  errors: UserError[];

  returnId?: string | null;
}

@ObjectType({ description: 'Revenue of one group. Net revenue is sales less returns, in minor units of the currency.' })
export class SalesTotal {
  @Field(() => String, { description: 'ISO 4217 code.' })
  currency: string;

  @Field(() => String, { nullable: true, description: 'First day of the period, YYYY-MM-DD, where asked by period.' })
  period: string | null;

  @Field(() => Channel, { nullable: true, description: 'The channel, where asked by channel.' })
  channel: Channel | null;

  @Field(() => ID, {
    nullable: true,
    description: 'The store, where asked by store; null also for what belongs to none.',
  })
  storeId: string | null;

  @Field(() => String, { nullable: true, description: 'The system of origin, where asked by source.' })
  source: string | null;

  @Field(() => SafeInt, { description: 'Net amount of the orders.' })
  sales: number;

  @Field(() => SafeInt, { description: 'Value of what came back.' })
  returned: number;

  @Field(() => Int, { description: 'Orders.' })
  orders: number;

  @Field(() => Int, { description: 'Return documents.' })
  returns: number;

  @Field(() => Int, { description: 'Orders of which nobody knows the customer.' })
  anonymousOrders: number;

  @Field(() => Int, { description: 'Different customers that bought.' })
  customers: number;
}
