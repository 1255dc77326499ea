import { Directive, Field, ID, ObjectType } from 'type-graphql';

@ObjectType({ description: 'One customer, however many profiles she was seen under.' })
@Directive('@key(fields: "id")')
export class Customer {
  @Field(() => ID, { description: 'Id of the customer: that of her oldest profile.' })
  id: string;
}

export const customer = (id: string): Customer => Object.assign(new Customer(), { id });
