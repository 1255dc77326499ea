import { Allow } from '@trenza/auth';
import { printType } from 'graphql';
import { buildSchemaSync, Directive, Field, FieldResolver, ID, Int, ObjectType, Query, Resolver } from 'type-graphql';
import { losable } from './losable.ts';

@ObjectType()
@Directive('@key(fields: "id")')
class Customer {
  @Field(() => ID)
  id: string;

  @Field(() => String)
  @Allow('anyone')
  nickname: string;
}

@ObjectType()
class Plain {
  @Field(() => Int)
  size: number;
}

@Resolver(() => Customer)
class CustomerFields {
  @Query(() => [Plain])
  @Allow('anyone')
  plains(): Plain[] {
    return [];
  }

  @FieldResolver(() => [Plain])
  @Allow({ roles: ['care'] })
  secrets(): Plain[] {
    return [];
  }
}

it('lets what can be refused or lost be null, so that the loss takes nothing else along', () => {
  const schema = losable(buildSchemaSync({ resolvers: [CustomerFields], orphanedTypes: [Customer], validate: false }));
  const printed = ['Query', 'Customer', 'Plain'].map((name) => printType(schema.getType(name)!));
  expect(printed).toEqual([
    'type Query {\n  plains: [Plain!]\n}',
    'type Customer {\n  id: ID!\n  nickname: String!\n  secrets: [Plain!]\n}',
    'type Plain {\n  size: Int!\n}',
  ]);
});
