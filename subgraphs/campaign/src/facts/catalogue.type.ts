import { Directive, Field, ID, ObjectType } from 'type-graphql';

/** Product and Store are inventory's; campaign only points at them. */
@ObjectType({ description: 'Something that is sold.' })
@Directive('@key(fields: "id", resolvable: false)')
export class Product {
  @Field(() => ID, { description: 'Id of the product.' })
  id: string;
}

@ObjectType({ description: 'A store or warehouse.' })
@Directive('@key(fields: "id", resolvable: false)')
export class Store {
  @Field(() => ID, { description: 'Id of the store.' })
  id: string;
}

export const reference = <T extends { id: string }>(Type: new () => T, id: string | null | undefined): T | null =>
  id ? Object.assign(new Type(), { id }) : null;
