import { Allow } from '@trenza/auth';
import { sql } from '@trenza/database';
import { event, newId } from '@trenza/events';
import { publish } from '@trenza/outbox';
import { testSubgraph } from './test-subgraph.ts';
import { DomainError, SafeInt, UserError } from '@trenza/values';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  Arg,
  Ctx,
  Directive,
  Field,
  FieldResolver,
  ID,
  InputType,
  Int,
  Mutation,
  ObjectType,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import {
  batch,
  buildSubgraph,
  defineConsumers,
  defineSubgraph,
  each,
  mutate,
  once,
  type Context,
} from '@trenza/subgraph';

/** An amount that can be added once. */
const ONE_SEAT = 21;

@InputType()
class AddInput {
  @Field(() => String)
  idempotencyKey: string;
  @Field(() => Int)
  amount: number;
}

@ObjectType()
class AddPayload {
  @Field(() => SafeInt, { nullable: true })
  total: number | null;
  @Field(() => [UserError])
  errors: UserError[];
}

@ObjectType()
@Directive('@key(fields: "id")')
@Allow({ roles: ['care'], self: (root) => root.id })
class Customer {
  @Field(() => ID)
  id: string;
}

const loads: string[][] = [];
const loadLengths = async (ids: readonly string[]): Promise<number[]> => {
  loads.push([...ids]);
  return ids.map((id) => id.length);
};

@Resolver(() => Customer)
class CounterResolver {
  @Query(() => SafeInt)
  @Allow('anyone')
  async total(@Ctx() ctx: Context): Promise<number> {
    return (await sql<{ n: number }>(ctx.database, 'select sum(amount) as n from addition'))[0]!.n ?? 0;
  }

  @Query(() => [Customer])
  @Allow({ roles: ['care', 'customer'] })
  people(@Arg('ids', () => [ID]) ids: string[]): Customer[] {
    return ids.map((id) => ({ id }));
  }

  @Mutation(() => AddPayload)
  @Allow({ roles: ['service', 'admin'] })
  add(@Arg('input', () => AddInput) input: AddInput, @Ctx() ctx: Context): Promise<AddPayload> {
    return mutate(ctx, AddPayload, (tx) =>
      once(tx, 'add', input, async () => {
        const [seats] = await sql<{ taken: number }>(tx, 'select count(*) as taken from addition where amount = $1', [
          ONE_SEAT,
        ]);
        if (input.amount === ONE_SEAT && seats!.taken > 0) throw new DomainError('TAKEN', 'The seat is taken.');
        await sql(tx, 'insert into addition (amount) values ($1)', [input.amount]);
        await publish(tx, [
          event('identity.profile.created.v1', {
            occurredAt: ctx.now(),
            profileId: newId(),
            data: { source: 'test', kind: 'known' },
          }),
        ]);
        if (input.amount < 0)
          throw new DomainError('NEGATIVE', `Add 0 or more, not ${input.amount}.`, ['input', 'amount']);
        if (input.amount === 13) throw new Error('insert failed at host db-7');
        return { total: input.amount };
      }),
    );
  }

  @FieldResolver(() => Int)
  length(@Root() customer: Customer, @Ctx() ctx: Context): Promise<number> {
    return ctx.load(loadLengths, customer.id);
  }
}

const migrations = mkdtempSync(join(tmpdir(), 'migrations-'));
writeFileSync(join(migrations, '0001-addition.sql'), 'create table addition (amount int not null);');

const counter = defineSubgraph({
  name: 'feedback',
  resolvers: [CounterResolver],
  migrations,
  consumers: defineConsumers({
    'identity.profile.created.v1': each(async (tx) => sql(tx, 'insert into addition (amount) values (1)')),
    'loyalty.points.expired.v1': batch(async (tx, events) => {
      for (const { data } of events) await sql(tx, 'insert into addition (amount) values ($1)', [data.points]);
      if (events.some(({ data }) => data.points === 7)) throw new Error('seven');
    }),
  }),
});

describe('a subgraph', () => {
  const subgraph = testSubgraph(counter);
  const service = subgraph.as({ role: 'service' });
  const ADD = 'mutation ($input: AddInput!) { add(input: $input) { total errors { code message path } } }';
  const count = async (): Promise<number> =>
    (await subgraph.sql<{ n: number }>('select count(*) as n from addition'))[0]!.n;

  it('does a mutation once per idempotency key, and refuses the key with another body', async () => {
    const input = { idempotencyKey: 'a', amount: 5 };
    const [first, repeat] = await Promise.all([service.graph(ADD, { input }), service.graph(ADD, { input })]);
    expect(first.data.add).toEqual({ total: 5, errors: [] });
    expect(repeat.data.add).toEqual({ total: 5, errors: [] });
    expect(await count()).toBe(1);
    const other = await service.graph(ADD, { input: { ...input, amount: 6 } });
    expect(other.data.add.errors[0]).toMatchObject({ code: 'IDEMPOTENCY_CONFLICT', path: ['input', 'idempotencyKey'] });
  });

  it('gives a repeat the first result though what it asks for could not be done any more', async () => {
    const input = { idempotencyKey: 'seat', amount: ONE_SEAT };
    const answers = await Promise.all(Array.from({ length: 10 }, () => service.graph(ADD, { input })));
    for (const { data } of answers) expect(data.add).toEqual({ total: ONE_SEAT, errors: [] });
    const late = await service.graph(ADD, { input: { ...input, idempotencyKey: 'late' } });
    expect(late.data.add.errors[0]).toMatchObject({ code: 'TAKEN' });
    const again = await service.graph(ADD, { input: { ...input, idempotencyKey: 'late' } });
    expect(again.data.add.errors[0]).toMatchObject({ code: 'TAKEN' });
  });

  it('rolls everything back on a refusal, the event too', async () => {
    const [rows, events] = [await count(), (await subgraph.published()).length];
    const { data } = await service.graph(ADD, { input: { idempotencyKey: 'b', amount: -1 } });
    expect(data.add).toEqual({
      total: null,
      errors: [{ code: 'NEGATIVE', message: 'Add 0 or more, not -1.', path: ['input', 'amount'] }],
    });
    expect(await count()).toBe(rows);
    expect(await subgraph.published()).toHaveLength(events);
  });

  it('tells a client nothing of its insides when it fails', async () => {
    const { errors } = await service.graph(ADD, { input: { idempotencyKey: 'c', amount: 13 } });
    expect(errors).toHaveLength(1);
    expect(errors![0]!.extensions).toEqual({ code: 'INTERNAL_SERVER_ERROR' });
    expect(JSON.stringify(errors)).not.toContain('db-7');
  });

  it('publishes with the request as the cause', async () => {
    const [published] = await subgraph.published('identity.profile.created.v1');
    expect(published!.correlationId).toEqual(published!.causationId);
    expect(published!.traceparent).toMatch(/^00-/);
  });

  it('refuses whom the rule does not admit, and says which way in there is', async () => {
    const input = { idempotencyKey: 'd', amount: 1 };
    expect((await subgraph.as({ role: 'marketer' }).graph(ADD, { input })).errors![0]!.extensions!['code']).toBe(
      'FORBIDDEN',
    );
    expect((await subgraph.as({ role: 'anonymous' }).graph(ADD, { input })).errors![0]!.extensions!['code']).toBe(
      'UNAUTHENTICATED',
    );
    expect((await subgraph.as({ role: 'anonymous' }).graph('{ total }')).errors).toBeUndefined();
  });

  it('lets a customer see herself under any id she ever had, and nobody else', async () => {
    const [old, current, stranger] = [newId(), newId(), newId()];
    const customers = [{ customerId: old, profileIds: [old, current] }];
    await subgraph.receive(
      event('identity.customer.membership-changed.v1', {
        occurredAt: new Date(),
        data: { version: 2, cause: 'linked', customers },
      }),
    );
    const her = subgraph.as({ role: 'customer', customerId: current });
    const { data, errors } = await her.graph('query ($ids: [ID!]!) { people(ids: $ids) { length } }', {
      ids: [old, current],
    });
    expect(errors).toBeUndefined();
    expect(data.people).toHaveLength(2);
    const refused = await her.graph('query ($ids: [ID!]!) { people(ids: $ids) { id length } }', { ids: [stranger] });
    expect(refused.errors![0]!.extensions!['code']).toBe('FORBIDDEN');
  });

  it('loads all keys of a request in one call', async () => {
    loads.length = 0;
    const ids = [newId(), newId(), newId()];
    await subgraph
      .as({ role: 'care' })
      .graph('query ($r: [_Any!]!) { _entities(representations: $r) { ... on Customer { length } } }', {
        r: ids.map((id) => ({ __typename: 'Customer', id })),
      });
    expect(loads).toEqual([ids]);
  });

  it('gives an event its effect once, however often it comes', async () => {
    const before = await count();
    const seen = event('identity.profile.created.v1', {
      occurredAt: new Date(),
      profileId: newId(),
      data: { source: 'x', kind: 'known' },
    });
    await subgraph.receive(seen, seen);
    await subgraph.receive(seen);
    expect(await count()).toBe(before + 1);
  });

  it('does not let a handler that fails leave anything behind', async () => {
    const before = await count();
    const expired = event('loyalty.points.expired.v1', {
      occurredAt: new Date(),
      data: { transferId: newId(), points: 7, currency: 'points' },
    });
    await expect(subgraph.receive(expired)).rejects.toThrow('seven');
    expect(await count()).toBe(before);
  });

  it('lets an admin ask for a projection to be built anew, and names those there are', async () => {
    const REBUILD =
      'mutation ($p: String!) { rebuildFeedbackProjection(projection: $p) { rebuild { projection finishedAt } errors { code message } } }';
    const asked = await subgraph.graph(REBUILD, { p: 'customer-map' });
    expect(asked.data.rebuildFeedbackProjection).toEqual({
      rebuild: { projection: 'customer-map', finishedAt: null },
      errors: [],
    });
    const unknown = await subgraph.graph(REBUILD, { p: 'moon' });
    expect(unknown.data.rebuildFeedbackProjection.errors[0]).toMatchObject({
      code: 'NOT_FOUND',
      message: expect.stringContaining('customer-map'),
    });
    expect(
      (await subgraph.as({ role: 'care' }).graph(REBUILD, { p: 'customer-map' })).errors![0]!.extensions!['code'],
    ).toBe('FORBIDDEN');
  });

  it('does not build with a root field that says nothing about who may ask', () => {
    @Resolver()
    class Forgetful {
      @Query(() => Int)
      secret(): number {
        return 1;
      }
    }
    expect(() => buildSubgraph({ ...counter, resolvers: [CounterResolver, Forgetful] })).toThrow('Query.secret');
  });
});
