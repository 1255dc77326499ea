import { Allow } from '@trenza/auth';
import { mutate, type Context } from '@trenza/subgraph';
import { Arg, Ctx, Mutation, Query, Resolver } from 'type-graphql';
import { auditChange } from '../audit/write-audit.ts';
import { retentionRules, setRetention } from './enforce-retention.ts';
import { RetentionRule, SetRetentionRuleInput, SetRetentionRulePayload } from './retention.type.ts';

@Resolver()
export class RetentionResolver {
  @Query(() => [RetentionRule], { description: 'How long data is kept that nobody needs for ever.' })
  @Allow({ roles: ['care', 'analyst', 'admin'] })
  retentionRules(@Ctx() ctx: Context): Promise<RetentionRule[]> {
    return retentionRules(ctx.database);
  }

  @Mutation(() => SetRetentionRulePayload, {
    description:
      'Sets how long a kind of data is kept. What is older is deleted within minutes, and does not come back.',
  })
  @Allow({ roles: ['admin'] })
  setRetentionRule(
    @Arg('input', () => SetRetentionRuleInput, { description: 'The rule.' }) input: SetRetentionRuleInput,
    @Ctx() ctx: Context,
  ): Promise<SetRetentionRulePayload> {
    return mutate(ctx, SetRetentionRulePayload, async (tx) => {
      await setRetention(tx, { kind: input.kind, days: input.days, setBy: ctx.caller.subject, setAt: ctx.now() });
      await auditChange(tx, ctx, 'set-retention-rule', null, [input.kind, `${input.days} days`]);
      return { rules: await retentionRules(tx) };
    });
  }
}
