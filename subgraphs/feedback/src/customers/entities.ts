import { Allow } from '@trenza/auth';
import { Directive, Field, ID, ObjectType } from 'type-graphql';

@ObjectType({ description: 'A person, known or not; belongs to identity.' })
@Directive('@key(fields: "id")')
export class Customer {
  @Field(() => ID, { description: 'Any id she ever had.' })
  id: string;
}

@ObjectType({ description: 'A place where customers shop; belongs to inventory.' })
@Directive('@key(fields: "id")')
export class Store {
  @Field(() => ID, { description: 'The store.' })
  id: string;
}

@ObjectType({ description: 'Something that is sold; belongs to inventory.' })
@Directive('@key(fields: "id")')
@Allow('anyone')
export class Product {
  @Field(() => ID, { description: 'The product.' })
  id: string;
}

export const storeRef = (id: string | null): Store | null => (id ? Object.assign(new Store(), { id }) : null);
export const productRef = (id: string | null): Product | null => (id ? Object.assign(new Product(), { id }) : null);
export const customerRef = (id: string | null): Customer | null => (id ? Object.assign(new Customer(), { id }) : null);
