import { Allow } from '@trenza/auth';
import { one, type Tx } from '@trenza/database';
import { mutate, once, type Context } from '@trenza/subgraph';
import { DomainError } from '@trenza/values';
import { IANAZone } from 'luxon';
import { Arg, Ctx, Mutation, Query, Resolver } from 'type-graphql';
import type { DataSource } from 'typeorm';
import { proveLedger } from '../points/integrity.ts';
import { configureCurrency, configureTiers } from './configure.ts';
import {
  ConfigurePointCurrencyInput,
  ConfigureTiersInput,
  LedgerIntegrity,
  LoyaltyProgramme,
  LoyaltyProgrammePayload,
} from './programme.type.ts';
import { readReference, referenceOf } from './reference.ts';

@Resolver()
export class ProgrammeResolver {
  @Query(() => LoyaltyProgramme, { description: 'The loyalty programme.' })
  @Allow('anyone')
  async loyaltyProgramme(@Ctx() ctx: Context): Promise<LoyaltyProgramme> {
    return programmeOf(ctx.database, await referenceOf(ctx.database));
  }

  @Query(() => LedgerIntegrity, {
    description: 'Proves the ledger on the live data: postings sum to zero, lots equal balances.',
  })
  @Allow({ roles: ['admin'] })
  async ledgerIntegrity(@Ctx() ctx: Context): Promise<LedgerIntegrity> {
    const proof = await proveLedger(ctx.database);
    return { ...proof, sound: proof.broken.length === 0 && proof.sumOfPostings === 0 };
  }

  @Mutation(() => LoyaltyProgrammePayload, {
    description: 'Makes a point currency, or changes one. Lots that exist keep the expiry they have.',
  })
  @Allow({ roles: ['admin'] })
  configurePointCurrency(
    @Arg('input', () => ConfigurePointCurrencyInput) input: ConfigurePointCurrencyInput,
    @Ctx() ctx: Context,
  ): Promise<LoyaltyProgrammePayload> {
    const {
      code,
      name,
      valueMinor = null,
      moneyCurrency = null,
      livesDays = null,
      graceDays,
      clawBack,
      spendingsPerHour = null,
    } = input;
    return mutate(ctx, LoyaltyProgrammePayload, (tx) =>
      once(tx, 'configurePointCurrency', input, async () => {
        await configureCurrency(tx, {
          code,
          name,
          valueMinor,
          moneyCurrency,
          livesDays,
          graceDays,
          clawBack,
          spendingsPerHour,
        });
        return { programme: await programmeOf(tx, await readReference(tx)) };
      }),
    );
  }

  @Mutation(() => LoyaltyProgrammePayload, {
    description: 'Sets the ladder of tiers and how one climbs and falls. Standings follow within a minute.',
  })
  @Allow({ roles: ['admin'] })
  configureTiers(
    @Arg('input', () => ConfigureTiersInput) input: ConfigureTiersInput,
    @Ctx() ctx: Context,
  ): Promise<LoyaltyProgrammePayload> {
    return mutate(ctx, LoyaltyProgrammePayload, (tx) =>
      once(tx, 'configureTiers', input, async () => {
        if (!IANAZone.isValidZone(input.timeZone))
          throw new DomainError('UNKNOWN_TIME_ZONE', `There is no time zone "${input.timeZone}".`, [
            'input',
            'timeZone',
          ]);
        await configureTiers(tx, { policy: input, tiers: input.tiers });
        return { programme: await programmeOf(tx, await readReference(tx)) };
      }),
    );
  }
}

async function programmeOf(
  db: Tx | DataSource,
  { currencies, tiers }: Awaited<ReturnType<typeof referenceOf>>,
): Promise<LoyaltyProgramme> {
  const programme = await one<{ id: string; name: string }>(db, 'select id, name from programme order by id limit 1');
  return {
    ...programme,
    currencies: [...currencies.values()],
    tiers: tiers.map((tier) => ({ ...tier, benefits: [...tier.benefits] })),
  };
}
