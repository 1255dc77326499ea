import { Allow } from '@trenza/auth';
import { inTransaction, sql } from '@trenza/database';
import { mutate, once, type Context } from '@trenza/subgraph';
import { DomainError, Money } from '@trenza/values';
import { Arg, Ctx, Int, Mutation, Query, Resolver } from 'type-graphql';
import { RULE_COLUMNS } from '../programme/reference.ts';
import { changeRule, draftRule, type StatusChange } from './draft-rule.ts';
import { changesOf } from './rule-changes.ts';
import {
  ChangeEarningRuleInput,
  DraftEarningRuleInput,
  EarningRuleChange,
  EarningRuleDraft,
  EarningRulePayload,
  EarningRuleStatus,
  EarningRuleVersion,
  EarningSimulation,
} from './rule.type.ts';
import { MAX_DAYS, simulateRule, topOf, type Simulation } from './simulate-rule.ts';

/** All versions of a well-kept programme, several times over. */
const MAX_RULES = 500;

@Resolver()
export class EarningRulesResolver {
  @Query(() => [EarningRuleVersion], {
    description: 'The earning rules, by code, the newest version first: up to 500.',
  })
  @Allow({ roles: ['marketer', 'analyst', 'care', 'associate', 'admin'] })
  earningRules(
    @Arg('status', () => EarningRuleStatus, { nullable: true, description: 'Only those that stand so.' })
    status: EarningRuleStatus | null,
    @Ctx() ctx: Context,
  ): Promise<EarningRuleVersion[]> {
    return sql<EarningRuleVersion>(
      ctx.database,
      `select ${RULE_COLUMNS}, name, status from earning_rule where $1::text is null or status = $1 order by code, version desc limit ${MAX_RULES}`,
      [status ?? null],
    );
  }

  @Query(() => [EarningRuleChange], {
    description:
      'What was done with the versions of a rule: who put which live, paused or retired it, and why. The latest first, up to 500.',
  })
  @Allow({ roles: ['marketer', 'analyst', 'admin'] })
  earningRuleChanges(
    @Arg('code', () => String, { description: 'The code of the rule.' }) code: string,
    @Ctx() ctx: Context,
  ): Promise<EarningRuleChange[]> {
    return changesOf(ctx.database, code) as Promise<unknown[]> as Promise<EarningRuleChange[]>;
  }

  @Query(() => EarningSimulation, {
    description:
      'Tries a rule on what really happened in the last days: what it would have given, to whom, and what that would have cost.',
  })
  @Allow({ roles: ['marketer', 'analyst', 'admin'] })
  async simulateEarningRule(
    @Arg('rule', () => EarningRuleDraft, { description: 'The rule; it is not kept.' }) rule: EarningRuleDraft,
    @Arg('days', () => Int, { defaultValue: 90, description: 'How far back: 1 to 730 days.' }) days: number,
    @Ctx() ctx: Context,
  ): Promise<EarningSimulation> {
    if (days < 1 || days > MAX_DAYS)
      throw new DomainError('INVALID_PERIOD', `days is 1 to ${MAX_DAYS}, not ${days}.`, ['days']);
    return shown(await inTransaction(ctx.database, (tx) => simulateRule(tx, rule, days, ctx.now())));
  }

  @Mutation(() => EarningRulePayload, {
    description: 'Keeps a rule as a draft; the code of one that exists makes its next version.',
  })
  @Allow({ roles: ['marketer', 'admin'] })
  draftEarningRule(
    @Arg('input', () => DraftEarningRuleInput) input: DraftEarningRuleInput,
    @Ctx() ctx: Context,
  ): Promise<EarningRulePayload> {
    return mutate(ctx, EarningRulePayload, (tx) =>
      once(tx, 'draftEarningRule', input, async () => ({
        rule: (await draftRule(tx, input.rule, ctx.caller.subject)) as unknown as EarningRuleVersion,
      })),
    );
  }

  @Mutation(() => EarningRulePayload, {
    description: 'Puts a version live, pauses or retires it. Going live retires the version that is.',
  })
  @Allow({ roles: ['marketer', 'admin'] })
  changeEarningRule(
    @Arg('input', () => ChangeEarningRuleInput) input: ChangeEarningRuleInput,
    @Ctx() ctx: Context,
  ): Promise<EarningRulePayload> {
    return mutate(ctx, EarningRulePayload, (tx) =>
      once(tx, 'changeEarningRule', input, async () => ({
        rule: (await changeRule(tx, changeFrom(input, ctx), ctx.now())) as unknown as EarningRuleVersion,
      })),
    );
  }
}

const changeFrom = ({ ruleId, status, reason }: ChangeEarningRuleInput, ctx: Context): StatusChange => ({
  ruleId,
  status,
  reason: reason ?? null,
  by: ctx.caller.subject,
});

const shown = (simulation: Simulation): EarningSimulation => ({
  ...simulation,
  cost:
    simulation.valueMinor === null
      ? null
      : Object.assign(new Money(), { amount: simulation.valueMinor, currency: simulation.moneyCurrency }),
  reasons: [...simulation.reasons]
    .map(([reason, occasions]) => ({ reason, occasions }))
    .sort((a, b) => b.occasions - a.occasions),
  byStore: topOf(simulation.byStore),
  byTier: topOf(simulation.byTier),
  byDay: [...simulation.byDay].map(([key, group]) => ({ key, ...group })).sort((a, b) => (a.key < b.key ? -1 : 1)),
  topCustomers: topOf(simulation.byCustomer),
});
