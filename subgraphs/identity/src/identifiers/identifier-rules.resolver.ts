import { Allow } from '@trenza/auth';
import { mutate, type Context } from '@trenza/subgraph';
import { Arg, Ctx, Mutation, Query, Resolver } from 'type-graphql';
import { auditChange } from '../audit/write-audit.ts';
import {
  blockedIdentifiers,
  blockIdentifier,
  identifierRules,
  setIdentifierRule,
  unblockIdentifier,
} from './identifier-rules.ts';
import {
  BlockedIdentifier,
  BlockIdentifierInput,
  BlockIdentifierPayload,
  IdentifierRule,
  SetIdentifierRuleInput,
  SetIdentifierRulePayload,
} from './identifier-rules.type.ts';
import { readReason } from './reason.ts';
import { DEFAULT_COUNTRY } from './normalise.ts';

const signed = (ctx: Context) => ({ setBy: ctx.caller.subject, setAt: ctx.now() });
const rawOf = ({ type, value, country }: BlockIdentifierInput) => ({
  type,
  value,
  country: country ?? DEFAULT_COUNTRY,
});

@Resolver()
export class IdentifierRulesResolver {
  @Query(() => [IdentifierRule], { description: 'How identifiers are weighed, the strongest type first.' })
  @Allow({ roles: ['care', 'analyst', 'admin'] })
  identifierRules(@Ctx() ctx: Context): Promise<IdentifierRule[]> {
    return identifierRules(ctx.database);
  }

  @Query(() => [BlockedIdentifier], { description: 'The values that identify nobody; at most 1,000.' })
  @Allow({ roles: ['care', 'admin'] })
  blockedIdentifiers(@Ctx() ctx: Context): Promise<BlockedIdentifier[]> {
    return blockedIdentifiers(ctx.database);
  }

  @Mutation(() => SetIdentifierRulePayload, {
    description: 'Sets how one type is weighed, from the next sighting on. Whom it has linked stays linked.',
  })
  @Allow({ roles: ['admin'] })
  setIdentifierRule(
    @Arg('input', () => SetIdentifierRuleInput, { description: 'The rule.' }) input: SetIdentifierRuleInput,
    @Ctx() ctx: Context,
  ): Promise<SetIdentifierRulePayload> {
    return mutate(ctx, SetIdentifierRulePayload, async (tx) => {
      const reason = readReason(input.reason);
      const { type, priority, limit, windowDays = null } = input;
      const changes = await setIdentifierRule(tx, { type, priority, limit, windowDays }, signed(ctx));
      await auditChange(tx, ctx, 'set-identifier-rule', null, changes, reason);
      return { rules: await identifierRules(tx) };
    });
  }

  @Mutation(() => BlockIdentifierPayload, {
    description:
      'Says that a value identifies nobody, from the next sighting on. Whom it has linked stays linked until an unmerge. Safe to repeat.',
  })
  @Allow({ roles: ['admin'] })
  blockIdentifier(
    @Arg('input', () => BlockIdentifierInput, { description: 'The value, and why.' }) input: BlockIdentifierInput,
    @Ctx() ctx: Context,
  ): Promise<BlockIdentifierPayload> {
    return mutate(ctx, BlockIdentifierPayload, async (tx) => {
      const reason = readReason(input.reason);
      const blocked = await blockIdentifier(tx, rawOf(input), { ...signed(ctx), reason });
      await auditChange(tx, ctx, 'block-identifier', null, [input.type], reason);
      return { blocked };
    });
  }

  @Mutation(() => BlockIdentifierPayload, {
    description: 'Says that a value identifies again, from the next sighting on.',
  })
  @Allow({ roles: ['admin'] })
  unblockIdentifier(
    @Arg('input', () => BlockIdentifierInput, { description: 'The value, and why.' }) input: BlockIdentifierInput,
    @Ctx() ctx: Context,
  ): Promise<BlockIdentifierPayload> {
    return mutate(ctx, BlockIdentifierPayload, async (tx) => {
      const reason = readReason(input.reason);
      const blocked = await unblockIdentifier(tx, rawOf(input));
      await auditChange(tx, ctx, 'unblock-identifier', null, [input.type], reason);
      return { blocked };
    });
  }
}
