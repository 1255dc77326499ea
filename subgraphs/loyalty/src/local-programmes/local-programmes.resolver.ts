import { Allow } from '@trenza/auth';
import { inTransaction, sql } from '@trenza/database';
import { mutate, once, type Context } from '@trenza/subgraph';
import { DomainError } from '@trenza/values';
import { Arg, Ctx, ID, Mutation, Query, Resolver } from 'type-graphql';
import type { RewardDraft } from '../rewards/create-reward.ts';
import { allocateBudget, budgetOf, moveBudget } from './budget.ts';
import {
  AllocateStoreBudgetInput,
  ConfigureGuardRailsInput,
  ConfigureGuardRailsPayload,
  DecideLocalProgrammeInput,
  EndLocalProgrammeInput,
  LocalProgramme,
  LocalProgrammePayload,
  type LocalRewardInput,
  LoyaltyGuardRails,
  MoveStoreBudgetInput,
  ProposeLocalProgrammeInput,
  StoreBudgetPayload,
  StoreLoyaltyBudget,
} from './local-programme.type.ts';
import {
  decideOnProposal,
  endProgramme,
  guardRailsOf,
  LOCAL_COLUMNS,
  propose,
  type LocalProgrammeRow,
} from './run-local-programme.ts';

/** What a store has run in several years. */
const MAX_PROGRAMMES = 200;

const shown = (row: LocalProgrammeRow): { localProgramme: LocalProgramme } => ({
  localProgramme: row as unknown as LocalProgramme,
});
const ofStore = (_: unknown, { storeId }: { storeId: string }): string => storeId;
const ofInput = (_: unknown, { input }: { input: { storeId: string } }): string => input.storeId;

@Resolver()
export class LocalProgrammesResolver {
  @Query(() => LoyaltyGuardRails, { description: 'What is set centrally for the programmes of stores.' })
  @Allow({ roles: ['associate', 'marketer', 'analyst', 'admin'] })
  async loyaltyGuardRails(@Ctx() ctx: Context): Promise<LoyaltyGuardRails> {
    return (await inTransaction(ctx.database, guardRailsOf)) as unknown as LoyaltyGuardRails;
  }

  @Query(() => [LocalProgramme], { description: 'The programmes of a store, the newest first: up to 200.' })
  @Allow({ roles: ['marketer', 'analyst', 'admin'], store: ofStore })
  localProgrammes(
    @Arg('storeId', () => ID, { description: 'The store.' }) storeId: string,
    @Ctx() ctx: Context,
  ): Promise<LocalProgramme[]> {
    return sql<LocalProgramme>(
      ctx.database,
      `select ${LOCAL_COLUMNS} from local_programme where store_id = $1 order by proposed_at desc limit ${MAX_PROGRAMMES}`,
      [storeId],
    );
  }

  @Query(() => StoreLoyaltyBudget, { description: 'What a store may give away.' })
  @Allow({ roles: ['marketer', 'analyst', 'admin'], store: ofStore })
  storeLoyaltyBudget(
    @Arg('storeId', () => ID, { description: 'The store.' }) storeId: string,
    @Ctx() ctx: Context,
  ): Promise<StoreLoyaltyBudget> {
    return inTransaction(ctx.database, (tx) => budgetOf(tx, storeId));
  }

  @Mutation(() => ConfigureGuardRailsPayload, { description: 'Sets what stores may run. What runs already goes on.' })
  @Allow({ roles: ['admin'] })
  configureGuardRails(
    @Arg('input', () => ConfigureGuardRailsInput) input: ConfigureGuardRailsInput,
    @Ctx() ctx: Context,
  ): Promise<ConfigureGuardRailsPayload> {
    return mutate(ctx, ConfigureGuardRailsPayload, (tx) =>
      once(tx, 'configureGuardRails', input, async () => {
        const lowest = Math.min(input.maxFixed, input.maxRewardPoints, input.maxBudget, input.maxDays);
        if (lowest < 1 || input.maxPerAmount <= 0 || input.maxDays > 366)
          throw new DomainError('OUT_OF_RANGE', 'Limits are at least 1, and a programme lasts 366 days at most.', [
            'input',
          ]);
        await sql(
          tx,
          `update guard_rails set triggers = $1, reward_kinds = $2, max_fixed = $3, max_per_amount = $4, max_reward_points = $5, max_days = $6,
                  max_budget = $7, closed = $8, banned_words = $9`,
          [
            input.triggers,
            input.rewardKinds,
            input.maxFixed,
            input.maxPerAmount,
            input.maxRewardPoints,
            input.maxDays,
            input.maxBudget,
            JSON.stringify(input.closed),
            input.bannedWords,
          ],
        );
        return { guardRails: (await guardRailsOf(tx)) as unknown as LoyaltyGuardRails };
      }),
    );
  }

  @Mutation(() => LocalProgrammePayload, {
    description: 'A store proposes a programme of its own. Nothing runs before it is agreed to.',
  })
  @Allow({ roles: ['marketer', 'admin'], store: ofInput })
  proposeLocalProgramme(
    @Arg('input', () => ProposeLocalProgrammeInput) input: ProposeLocalProgrammeInput,
    @Ctx() ctx: Context,
  ): Promise<LocalProgrammePayload> {
    const { storeId, name, startsAt, endsAt, budget, rule } = input;
    const reward = input.reward ? rewardOf(input.reward) : null;
    const command = { storeId, name, startsAt, endsAt, budget, rule, reward, by: ctx.caller.subject };
    return mutate(ctx, LocalProgrammePayload, (tx) =>
      once(tx, 'proposeLocalProgramme', input, async () => shown(await propose(tx, command, ctx.now()))),
    );
  }

  @Mutation(() => LocalProgrammePayload, {
    description: 'Agrees to a proposal, which promises its budget and puts it live, or does not.',
  })
  @Allow({ roles: ['marketer', 'admin'] })
  decideLocalProgramme(
    @Arg('input', () => DecideLocalProgrammeInput) input: DecideLocalProgrammeInput,
    @Ctx() ctx: Context,
  ): Promise<LocalProgrammePayload> {
    const { id, approved, reason } = input;
    return mutate(ctx, LocalProgrammePayload, (tx) =>
      once(tx, 'decideLocalProgramme', input, async () =>
        shown(await decideOnProposal(tx, { id, approved, reason, by: ctx.caller.subject }, ctx.now())),
      ),
    );
  }

  @Mutation(() => LocalProgrammePayload, {
    description: 'Ends a local programme before its time. What it did not use is the budget of the store again.',
  })
  @Allow({ roles: ['marketer', 'admin'], store: ofInput })
  endLocalProgramme(
    @Arg('input', () => EndLocalProgrammeInput) input: EndLocalProgrammeInput,
    @Ctx() ctx: Context,
  ): Promise<LocalProgrammePayload> {
    return mutate(ctx, LocalProgrammePayload, (tx) =>
      once(tx, 'endLocalProgramme', input, async () => {
        const ended = await endProgramme(tx, input.id, ctx.now());
        if (ended.storeId !== input.storeId)
          throw new DomainError('UNKNOWN_LOCAL_PROGRAMME', `The store runs no local programme ${input.id}.`, [
            'input',
            'id',
          ]);
        return shown(ended);
      }),
    );
  }

  @Mutation(() => StoreBudgetPayload, { description: 'Gives a store a budget, in points.' })
  @Allow({ roles: ['admin'] })
  allocateStoreBudget(
    @Arg('input', () => AllocateStoreBudgetInput) input: AllocateStoreBudgetInput,
    @Ctx() ctx: Context,
  ): Promise<StoreBudgetPayload> {
    return mutate(ctx, StoreBudgetPayload, (tx) =>
      once(tx, 'allocateStoreBudget', input, async () => ({ budgets: [await allocateBudget(tx, input, ctx.now())] })),
    );
  }

  @Mutation(() => StoreBudgetPayload, { description: 'Moves budget that is not promised from one store to another.' })
  @Allow({ roles: ['marketer', 'admin'] })
  moveStoreBudget(
    @Arg('input', () => MoveStoreBudgetInput) input: MoveStoreBudgetInput,
    @Ctx() ctx: Context,
  ): Promise<StoreBudgetPayload> {
    return mutate(ctx, StoreBudgetPayload, (tx) =>
      once(tx, 'moveStoreBudget', input, async () => ({ budgets: await moveBudget(tx, input, ctx.now()) })),
    );
  }
}

/** A voucher of a local reward lives as long as others do. */
const VALID_DAYS = 90;

const rewardOf = (input: LocalRewardInput): RewardDraft => ({
  name: input.name,
  description: input.description,
  kind: input.kind,
  currency: 'points',
  points: input.points,
  discountPercent: input.discountPercent ?? null,
  discountAmount: null,
  moneyCurrency: null,
  productId: null,
  costMinor: 0,
  startsAt: null,
  endsAt: null,
  storeIds: [],
  tiers: [],
  stockLeft: input.stock ?? null,
  perCustomer: input.perCustomer ?? null,
  sharedCode: null,
  maxUses: 1,
  validDays: VALID_DAYS,
});
