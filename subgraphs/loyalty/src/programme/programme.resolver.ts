import { Allow } from '@trenza/auth';
import { one, type Tx } from '@trenza/database';
import { mutate, once, type Context } from '@trenza/subgraph';
import { Channel, DomainError, isTimeZone, Money } from '@trenza/values';
import { Arg, Ctx, ID, Mutation, Query, Resolver } from 'type-graphql';
import type { DataSource } from 'typeorm';
import { proveLedger } from '../points/integrity.ts';
import { moneyOf } from '../rewards/reward.type.ts';
import { moneyView } from './money-view.ts';
import { ProgrammeMoneyView } from './money-view.type.ts';
import { configureCurrency, configureTiers } from './configure.ts';
import {
  ConfigurePointCurrencyInput,
  ConfigureTiersInput,
  LedgerIntegrity,
  LoyaltyProgramme,
  LoyaltyProgrammePayload,
} from './programme.type.ts';
import { DEFAULT_CURRENCY, readReference, referenceOf } from './reference.ts';

@Resolver()
export class ProgrammeResolver {
  @Query(() => LoyaltyProgramme, { description: 'The loyalty programme.' })
  @Allow('anyone')
  async loyaltyProgramme(@Ctx() ctx: Context): Promise<LoyaltyProgramme> {
    return programmeOf(ctx.database, await referenceOf(ctx.database));
  }

  @Query(() => ProgrammeMoneyView, {
    description:
      'What the programme issued, redeemed and lost to expiry, by day, store and channel, what it owes and what it costs. A few seconds behind.',
  })
  @Allow({ roles: ['marketer', 'analyst', 'admin'], store: (_: unknown, { storeId }: { storeId: string }) => storeId })
  async programmeMoneyView(
    @Arg('from', () => String, { description: 'The first day, for example 2026-03-01.' }) from: string,
    @Arg('to', () => String, { description: 'The last day.' }) to: string,
    @Arg('currency', () => String, { defaultValue: DEFAULT_CURRENCY, description: 'Code of the point currency.' })
    currency: string,
    @Arg('storeId', () => ID, { nullable: true, description: 'Only this store.' }) storeId: string | null,
    @Arg('channel', () => Channel, { nullable: true, description: 'Only this channel.' }) channel: Channel | null,
    @Ctx() ctx: Context,
  ): Promise<ProgrammeMoneyView> {
    const view = await moneyView(ctx.database, { from, to, currency, storeId, channel });
    const money = (amount: number | null): Money | null => moneyOf(amount, view.moneyCurrency);
    return {
      ...view,
      liabilityValue: money(view.liabilityMinor),
      cost: money(view.costMinor),
      costPerActiveCustomer: money(view.costPerCustomerMinor),
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
        if (!isTimeZone(input.timeZone))
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
