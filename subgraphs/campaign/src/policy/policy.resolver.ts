import { Allow } from '@trenza/auth';
import { sql, type Tx } from '@trenza/database';
import { mutate, type Context } from '@trenza/subgraph';
import { DomainError } from '@trenza/values';
import { Arg, Ctx, Mutation, Query, Resolver } from 'type-graphql';
import type { DataSource } from 'typeorm';
import { MAX_CAP_DAYS, type Cap } from './contact-policy.ts';
import { ContactCap, ContactCapPayload, SetContactCapInput } from './policy.type.ts';
import { capsOf } from './standing.ts';

const SET = `
  insert into contact_cap (channel, max, days, changed_by, changed_at) values ($1, $2, $3, $4, $5)
  on conflict (channel) do update set max = excluded.max, days = excluded.days, changed_by = excluded.changed_by, changed_at = excluded.changed_at`;

async function caps(db: Tx | DataSource): Promise<Cap[]> {
  return capsOf(
    await sql<Cap>(db, `select nullif(channel, '') as channel, max, days from contact_cap order by channel`),
  );
}

@Resolver()
export class PolicyResolver {
  @Query(() => [ContactCap], { description: 'How often a customer may be contacted with marketing and surveys.' })
  @Allow({ roles: ['marketer', 'care', 'analyst', 'admin'] })
  contactCaps(@Ctx() ctx: Context): Promise<ContactCap[]> {
    return caps(ctx.database);
  }

  @Mutation(() => ContactCapPayload, {
    description:
      'Set how often a customer may be contacted with marketing and surveys in a channel, or in all push channels together.',
  })
  @Allow({ roles: ['marketer', 'admin'] })
  setContactCap(
    @Arg('input', () => SetContactCapInput) input: SetContactCapInput,
    @Ctx() ctx: Context,
  ): Promise<ContactCapPayload> {
    return mutate(ctx, ContactCapPayload, async (tx) => {
      const { channel, max, days } = input;
      if (max < 0) throw new DomainError('INVALID_CAP', `A cap is 0 or more, ${max} was given.`, ['input', 'max']);
      if (days < 1 || days > MAX_CAP_DAYS)
        throw new DomainError('INVALID_CAP', `A cap looks back 1 to ${MAX_CAP_DAYS} days, ${days} were given.`, [
          'input',
          'days',
        ]);
      await sql(tx, SET, [channel ?? '', max, days, ctx.caller.subject, ctx.now()]);
      return { caps: await caps(tx) };
    });
  }
}
