import { Allow } from '@trenza/auth';
import { one } from '@trenza/database';
import type { Context } from '@trenza/subgraph';
import { Ctx, Query, Resolver } from 'type-graphql';
import { proveLedger } from '../points/integrity.ts';
import { LedgerIntegrity, LoyaltyProgramme } from './programme.type.ts';
import { referenceOf } from './reference.ts';

@Resolver()
export class ProgrammeResolver {
  @Query(() => LoyaltyProgramme, { description: 'The loyalty programme.' })
  @Allow('anyone')
  async loyaltyProgramme(@Ctx() ctx: Context): Promise<LoyaltyProgramme> {
    const programme = await one<{ id: string; name: string }>(
      ctx.database,
      'select id, name from programme order by id limit 1',
    );
    const { currencies, tiers } = await referenceOf(ctx.database);
    return {
      ...programme,
      currencies: [...currencies.values()],
      tiers: tiers.map((tier) => ({ ...tier, benefits: [...tier.benefits] })),
    };
  }

  @Query(() => LedgerIntegrity, {
    description: 'Proves the ledger on the live data: postings sum to zero, lots equal balances.',
  })
  @Allow({ roles: ['admin'] })
  async ledgerIntegrity(@Ctx() ctx: Context): Promise<LedgerIntegrity> {
    const proof = await proveLedger(ctx.database);
    return { ...proof, sound: proof.broken.length === 0 && proof.sumOfPostings === 0 };
  }
}
