import { Allow } from '@trenza/auth';
import { sql } from '@trenza/database';
import { mutate, type Context } from '@trenza/subgraph';
import { DomainError } from '@trenza/values';
import { Arg, Ctx, Mutation, Query, Resolver } from 'type-graphql';
import { auditChange } from '../audit/write-audit.ts';
import {
  CustomerSurvivorshipRule,
  MergeCustomersInput,
  MergeCustomersPayload,
  SurvivorshipRuleInput,
  SurvivorshipRulePayload,
  UnmergeCustomersInput,
  UnmergeCustomersPayload,
} from './customer.type.ts';
import { readReason } from '../identifiers/reason.ts';
import { ATTRIBUTE_NAME } from './attributes.ts';
import { mergeCustomers } from './merge-customers.ts';
import { forgetSurvivorshipRules, survivorshipRules } from './survivorship-rules.ts';
import { unmergeCustomers } from './unmerge-customers.ts';

const STRATEGIES = ['recent', 'frequent', 'trusted', 'confident'];

@Resolver()
export class MembershipResolver {
  @Mutation(() => MergeCustomersPayload, {
    description:
      'Makes one customer of several. The oldest id stays, the others keep leading to her, what she allowed does not widen, and it can be undone exactly.',
  })
  @Allow({ roles: ['care', 'admin', 'service'] })
  mergeCustomers(
    @Arg('input', () => MergeCustomersInput, { description: 'Who is one person.' }) input: MergeCustomersInput,
    @Ctx() ctx: Context,
  ): Promise<MergeCustomersPayload> {
    return mutate(ctx, MergeCustomersPayload, async (tx) => {
      readReason(input.reason);
      const { customerId } = await mergeCustomers(tx, Object.assign(input, { by: ctx.caller.subject }), ctx);
      await auditChange(tx, ctx, 'merge', customerId, input.merge, input.reason);
      return { customer: { id: customerId } };
    });
  }

  @Mutation(() => UnmergeCustomersPayload, {
    description:
      'Takes customers apart again. Points, orders, messages and answers are each with the profile they happened to, so everybody has her own back; they will not be linked again by themselves.',
  })
  @Allow({ roles: ['care', 'admin', 'service'] })
  unmergeCustomers(
    @Arg('input', () => UnmergeCustomersInput, { description: 'Who comes out.' }) input: UnmergeCustomersInput,
    @Ctx() ctx: Context,
  ): Promise<UnmergeCustomersPayload> {
    return mutate(ctx, UnmergeCustomersPayload, async (tx) => {
      readReason(input.reason);
      const { customerId, restored } = await unmergeCustomers(
        tx,
        Object.assign(input, { by: ctx.caller.subject }),
        ctx,
      );
      for (const id of [customerId, ...restored])
        await auditChange(tx, ctx, 'unmerge', id, input.restore, input.reason);
      return { customer: { id: customerId }, restored: restored.map((id) => ({ id })) };
    });
  }

  @Query(() => [CustomerSurvivorshipRule], {
    description:
      'Which value of an attribute counts where sources disagree. Attributes that are not here follow `recent`.',
  })
  @Allow({ roles: ['care', 'analyst', 'admin'] })
  customerSurvivorshipRules(@Ctx() ctx: Context): Promise<CustomerSurvivorshipRule[]> {
    return rulesOf(ctx);
  }

  @Mutation(() => SurvivorshipRulePayload, {
    description: 'Sets which value of an attribute counts. It holds for all customers at once; no value is lost.',
  })
  @Allow({ roles: ['admin'] })
  setCustomerSurvivorshipRule(
    @Arg('input', () => SurvivorshipRuleInput, { description: 'The rule.' }) input: SurvivorshipRuleInput,
    @Ctx() ctx: Context,
  ): Promise<SurvivorshipRulePayload> {
    return mutate(ctx, SurvivorshipRulePayload, async (tx) => {
      if (!STRATEGIES.includes(input.strategy)) {
        throw new DomainError(
          'UNKNOWN_STRATEGY',
          `"${input.strategy}" is no rule. Use one of ${STRATEGIES.join(', ')}.`,
          ['input', 'strategy'],
        );
      }
      checkSurvivorshipRule(input);
      await sql(
        tx,
        `insert into survivorship_rule (attribute, strategy, sources, set_by, set_at) values ($1, $2, $3, $4, $5)
         on conflict (attribute) do update set strategy = excluded.strategy, sources = excluded.sources, set_by = excluded.set_by, set_at = excluded.set_at`,
        [input.attribute, input.strategy, input.sources ?? [], ctx.caller.subject, ctx.now()],
      );
      await auditChange(tx, ctx, 'set-survivorship-rule', null, [input.attribute, input.strategy]);
      return {};
    }).then(async (payload) => {
      forgetSurvivorshipRules(ctx.database);
      if (payload.errors.length === 0) payload.rules = await rulesOf(ctx);
      return payload;
    });
  }
}

/** More sources than this are no order of trust that anybody thought about. */
const MAX_SOURCES = 50;

function checkSurvivorshipRule({ attribute, strategy, sources }: SurvivorshipRuleInput): void {
  if (!ATTRIBUTE_NAME.test(attribute)) {
    const message = `"${attribute.slice(0, 80)}" is no attribute name. Use one such as city.`;
    throw new DomainError('INVALID_ATTRIBUTE_NAME', message, ['input', 'attribute']);
  }
  const count = sources?.length ?? 0;
  if ((strategy === 'trusted' && count === 0) || count > MAX_SOURCES) {
    const message = `"trusted" needs 1 to ${MAX_SOURCES} sources, the most trusted first; ${count} were given.`;
    throw new DomainError('INVALID_SOURCES', message, ['input', 'sources']);
  }
}

const rulesOf = async (ctx: Context): Promise<CustomerSurvivorshipRule[]> =>
  Object.entries(await survivorshipRules(ctx.database)).map(([attribute, rule]) => ({
    attribute,
    strategy: rule.strategy,
    sources: [...(rule.sources ?? [])],
  }));
