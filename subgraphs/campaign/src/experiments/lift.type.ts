import { Field, Float, Int, ObjectType } from 'type-graphql';

@ObjectType({
  description: 'One side of an experiment, everybody counted who was put there, whatever became of the messages.',
})
export class ExperimentArm {
  @Field(() => Int, { description: 'Customers.' })
  customers: number;

  @Field(() => Int, { description: 'Of those, how many bought.' })
  buyers: number;

  @Field(() => Float, { description: 'Part that bought, 0 to 1.' })
  rate: number;

  @Field(() => Float, { description: 'Spend per customer in minor units, those who bought nothing included.' })
  spend: number;
}

@ObjectType({
  description: 'A difference between the two sides, with an interval that is valid at every moment at which one looks.',
})
export class ExperimentDifference {
  @Field(() => Float, { description: 'Treated less held out.' })
  difference: number;

  @Field(() => Float, { description: 'Lower end of the 95 % interval.' })
  low: number;

  @Field(() => Float, { description: 'Upper end of the 95 % interval.' })
  high: number;
}

@ObjectType({ description: 'What a campaign changed: those meant by it against those held out.' })
export class CampaignLift {
  @Field(() => Int, { description: 'Orders within so many days count.' })
  days: number;

  @Field(() => ExperimentArm, { description: 'Those who were to be contacted.' })
  treated: ExperimentArm;

  @Field(() => ExperimentArm, { description: 'Those who were held out.' })
  heldOut: ExperimentArm;

  @Field(() => ExperimentDifference, {
    nullable: true,
    description: 'Difference in the part that bought; empty with fewer than 100 customers on a side.',
  })
  rate: ExperimentDifference | null;

  @Field(() => ExperimentDifference, {
    nullable: true,
    description: 'Difference in spend per customer; empty with fewer than 100 customers on a side.',
  })
  spend: ExperimentDifference | null;

  @Field(() => Float, {
    description:
      'Probability of so uneven a split by chance; below 0.001 something is wrong and the figures mean nothing.',
  })
  sampleRatioProbability: number;

  @Field(() => String, { description: 'What may be said, in a sentence.' })
  verdict: string;
}
