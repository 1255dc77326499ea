import { Channel, GraphQLDateTimeISO, UserError } from '@trenza/values';
import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import type { JoinedCart } from './carts.sql.ts';
import type { PriceableCart, PricedCart } from './price-carts.ts';

@ObjectType({ description: 'A product in a cart.' })
export class CartLine {
  @Field(() => Int, { description: 'How many.' })
  quantity: number;

  @Field(() => Channel, { description: 'Where it was put in or changed last.' })
  channel: Channel;

  @Field(() => GraphQLDateTimeISO, { description: 'When it was put in or changed last.' })
  touchedAt: Date;

  productId: string;
  cart: Cart;
  /** Which line of the cart it is. */
  place: number;
}

@ObjectType({ description: 'The one cart of a customer, whatever the channel.' })
export class Cart {
  @Field(() => ID, { description: 'Id.' })
  id: string;

  @Field(() => Channel, { description: 'Where it was touched last.' })
  channel: Channel;

  @Field(() => GraphQLDateTimeISO, { description: 'When it was touched last.' })
  touchedAt: Date;

  @Field(() => GraphQLDateTimeISO, { nullable: true, description: 'Since when it counts as abandoned.' })
  abandonedAt: Date | null;

  @Field(() => [CartLine], { description: 'What is in it.' })
  lines: CartLine[];

  currency: string;
  priceable: PriceableCart;
  /** Reckoned once, when the first field asks for a price. */
  priced?: Promise<PricedCart>;

  static of(joined: JoinedCart): Cart {
    const { id, channel, touchedAt, abandonedAt, currency, lines, carts } = joined;
    const priceable = { channel, lines, profileId: carts[0]!.profileId };
    const cart = Object.assign(new Cart(), { id, channel, touchedAt, abandonedAt, currency, priceable });
    cart.lines = lines.map((line, place) => Object.assign(new CartLine(), line, { cart, place }));
    return cart;
  }
}

@InputType({ description: 'A product to be put into the cart.' })
export class AddToCartInput {
  @Field(() => String, { description: 'A repeat with the same key does nothing again.' })
  idempotencyKey: string;

  @Field(() => ID, { nullable: true, description: 'For whom; a customer acts for herself.' })
  profileId?: string | null;

  @Field(() => Channel, { nullable: true, description: 'Where; what the token says, where not given.' })
  channel?: Channel | null;

  @Field(() => String, { description: 'The sku.' })
  sku: string;

  @Field(() => Int, { defaultValue: 1, description: 'How many more.' })
  quantity: number;
}

@InputType({ description: 'How many of a product shall be in the cart.' })
export class ChangeCartLineInput {
  @Field(() => String, { description: 'A repeat with the same key does nothing again.' })
  idempotencyKey: string;

  @Field(() => ID, { nullable: true, description: 'For whom; a customer acts for herself.' })
  profileId?: string | null;

  @Field(() => Channel, { nullable: true, description: 'Where; what the token says, where not given.' })
  channel?: Channel | null;

  @Field(() => String, { description: 'The sku.' })
  sku: string;

  @Field(() => Int, { description: 'How many there shall be; 0 takes it out.' })
  quantity: number;
}

@ObjectType({ description: 'The cart after a change.' })
export class CartPayload {
  @Field(() => [UserError], { description: 'Why it was not changed.' })
  errors: UserError[];

  profileId?: string | null;
}
