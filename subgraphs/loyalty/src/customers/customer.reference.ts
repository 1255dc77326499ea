import { Allow } from '@trenza/auth';
import { Directive, Field, FieldResolver, ID, ObjectType, Resolver, Root } from 'type-graphql';
import { LoyaltyAccount } from './loyalty-account.type.ts';

@ObjectType({ description: 'A customer; identity knows who she is.' })
@Directive('@key(fields: "id")')
export class Customer {
  @Field(() => ID, { description: 'Her id.' })
  id: string;
}

@Resolver(() => Customer)
export class CustomerReference {
  @FieldResolver(() => LoyaltyAccount, { description: 'Her points, tier, vouchers and movements.' })
  @Allow({
    roles: ['associate', 'marketer', 'care', 'analyst', 'admin', 'service'],
    self: (customer: Customer) => customer.id,
  })
  loyalty(@Root() customer: Customer): LoyaltyAccount {
    return { customerId: customer.id };
  }
}
