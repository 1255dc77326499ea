import { Channel, GraphQLDateTimeISO } from '@trenza/values';
import { Field, Float, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';

enum DecisionPolicy {
  BEST = 'best',
  UNIFORM = 'uniform',
  PREFER = 'prefer',
}
registerEnumType(DecisionPolicy, {
  name: 'DecisionPolicy',
  description:
    'A policy to compare with: always the best score (BEST), any candidate alike (UNIFORM), or the best one of an arm wherever there is one (PREFER).',
});

@InputType({ description: 'What another policy would have earned.' })
export class PolicyEvaluationInput {
  @Field(() => DecisionPolicy, { description: 'The other policy.' })
  policy: 'best' | 'uniform' | 'prefer';

  @Field(() => String, {
    nullable: true,
    description: 'For PREFER: the arm, for example `complete-cart`, `recommend` or `offer:<id>`.',
  })
  arm?: string | null;

  @Field(() => Channel, { nullable: true, description: 'Only decisions in this channel.' })
  channel?: string | null;

  @Field(() => GraphQLDateTimeISO, { description: 'Decisions from this instant on.' })
  from: Date;

  @Field(() => GraphQLDateTimeISO, { description: 'Decisions before this instant.' })
  to: Date;
}

@ObjectType({
  description:
    'What another policy would have earned, from the log; without a figure where the log does not support one.',
})
export class PolicyEvaluation {
  @Field(() => Int, { description: 'Decisions with a known outcome that were looked at.' })
  decisions: number;

  @Field(() => Float, { description: 'How many decisions made by the other policy itself the log is worth.' })
  effective: number;

  @Field(() => Float, {
    nullable: true,
    description: 'Part of the suggestions that was taken up under the policy that decided.',
  })
  logged: number | null;

  @Field(() => Float, { nullable: true, description: 'Part that would have been taken up under the other policy.' })
  value: number | null;

  @Field(() => Float, { nullable: true, description: 'Lower end of the 95 % interval.' })
  low: number | null;

  @Field(() => Float, { nullable: true, description: 'Upper end of the 95 % interval.' })
  high: number | null;

  @Field(() => String, { nullable: true, description: 'Why there is no figure, if there is none.' })
  refusal: string | null;
}
