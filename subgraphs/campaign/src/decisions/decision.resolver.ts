import { Allow } from '@trenza/auth';
import { isSameCustomer, mutate, type Context } from '@trenza/subgraph';
import { GraphQLError } from 'graphql';
import { Arg, Ctx, ID, Mutation, Query, Resolver } from 'type-graphql';
import { sql } from '@trenza/database';
import { DomainError } from '@trenza/values';
import {
  DecisionExplanation,
  RecordDecisionOutcomeInput,
  RecordDecisionOutcomePayload,
  SaveOfferInput,
  SaveOfferPayload,
} from './decision.type.ts';
import { explainDecision } from './explain.ts';
import { comparePolicies } from './compare-policies.ts';
import { PolicyEvaluation, PolicyEvaluationInput } from './policy-evaluation.type.ts';
import { recordOutcome } from './record-outcome.ts';
import { saveOffer } from './save-offer.ts';

const STAFF = ['associate', 'marketer', 'care', 'analyst', 'admin', 'service'] as const;

@Resolver()
export class DecisionResolver {
  @Query(() => DecisionExplanation, {
    nullable: true,
    description:
      'Why she got this, or nothing: from the signals over the filters and scores to the choice. Null where there is no such decision.',
  })
  @Allow({ roles: [...STAFF, 'customer'] })
  async explainDecision(
    @Arg('id', () => ID, { description: 'The decision.' }) id: string,
    @Ctx() ctx: Context,
  ): Promise<DecisionExplanation | null> {
    const explanation = await explainDecision(ctx, id);
    if (!explanation || ctx.caller.role !== 'customer') return explanation;
    if (await isSameCustomer(ctx, explanation.customer.id, ctx.caller.profileId!)) return explanation;
    throw new GraphQLError('This decision was made for somebody else.', { extensions: { code: 'FORBIDDEN' } });
  }

  @Query(() => PolicyEvaluation, {
    description:
      'What another policy would have earned, from the logged decisions and their probabilities. Refused where the log does not support a figure.',
  })
  @Allow({ roles: ['marketer', 'analyst', 'admin'] })
  policyEvaluation(
    @Arg('input', () => PolicyEvaluationInput, { description: 'The other policy, and the decisions to judge it by.' })
    input: PolicyEvaluationInput,
    @Ctx() ctx: Context,
  ): Promise<PolicyEvaluation> {
    if (input.to <= input.from)
      throw new DomainError('INVALID_PERIOD', `It would end at ${input.to.toISOString()}, before it begins.`, [
        'input',
        'to',
      ]);
    return comparePolicies(ctx.database, input);
  }

  @Mutation(() => RecordDecisionOutcomePayload, {
    description:
      'Tell what became of a suggestion; the first word on a decision counts, repeats change nothing. Orders tell it by themselves.',
  })
  @Allow({ roles: [...STAFF, 'customer'] })
  recordDecisionOutcome(
    @Arg('input', () => RecordDecisionOutcomeInput) input: RecordDecisionOutcomeInput,
    @Ctx() ctx: Context,
  ): Promise<RecordDecisionOutcomePayload> {
    return mutate(ctx, RecordDecisionOutcomePayload, async (tx) => {
      if (ctx.caller.role === 'customer') await mustBeHers(ctx, input.decisionId);
      const { decisionId, taken, value } = input;
      await recordOutcome(
        tx,
        { decisionId, taken, value: value ?? 0, source: ctx.caller.channel ?? ctx.caller.role },
        ctx.now(),
      );
      return { decisionId: input.decisionId };
    });
  }

  @Mutation(() => SaveOfferPayload, {
    description: 'Put an offer, content or service into the catalogue of what may be suggested, or change it.',
  })
  @Allow({ roles: ['marketer', 'admin'] })
  saveOffer(@Arg('input', () => SaveOfferInput) input: SaveOfferInput, @Ctx() ctx: Context): Promise<SaveOfferPayload> {
    return mutate(ctx, SaveOfferPayload, async (tx) => ({ offerId: await saveOffer(tx, input, ctx) }));
  }
}

async function mustBeHers(ctx: Context, decisionId: string): Promise<void> {
  const [row] = await sql<{ profile_id: string }>(ctx.database, 'select profile_id from decision where id = $1', [
    decisionId,
  ]);
  if (row && !(await isSameCustomer(ctx, row.profile_id, ctx.caller.profileId!)))
    throw new GraphQLError('This decision was made for somebody else.', { extensions: { code: 'FORBIDDEN' } });
}
