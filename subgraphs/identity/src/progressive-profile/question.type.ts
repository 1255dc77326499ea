import { UserError } from '@trenza/values';
import { Field, Float, ID, InputType, ObjectType } from 'type-graphql';
import { Customer } from '../customers/customer.type.ts';

@ObjectType({ description: 'A question in the languages that ship.' })
export class ProfileQuestionWording {
  @Field(() => String, { description: 'In Spanish.' })
  es: string;

  @Field(() => String, { description: 'In English.' })
  en: string;

  @Field(() => String, { description: 'In Portuguese.' })
  pt: string;
}

@ObjectType({ description: 'A question whose answer would make the profile of a customer more useful.' })
export class ProfileQuestion {
  @Field(() => String, { description: 'The attribute or identifier that is missing, such as birthDate.' })
  field: string;

  @Field(() => String, { description: 'The key of its wording, for a client that has wordings of its own.' })
  wordingKey: string;

  @Field(() => ProfileQuestionWording, { description: 'The wording, ready to be shown.' })
  wording: ProfileQuestionWording;

  @Field(() => String, {
    description: 'What the answer improves: reachability, matching, birthday-reward, nearest-store …',
  })
  reason: string;

  @Field(() => Float, { description: 'What the answer is worth compared to the other questions.' })
  value: number;
}

@InputType({ description: 'A customer was asked something.' })
export class RecordProfileQuestionInput {
  @Field(() => ID, { description: 'Any id of hers.' })
  customerId: string;

  @Field(() => String, { description: 'What she was asked for, such as birthDate.' })
  field: string;

  @Field(() => Boolean, { defaultValue: false, description: 'True where she would not say: she is never asked again.' })
  refused: boolean;
}

@ObjectType({ description: 'The customer after she was asked.' })
export class RecordProfileQuestionPayload {
  @Field(() => Customer, { nullable: true, description: 'The customer; `nextQuestion` is the one after this.' })
  customer?: Customer | null;

  @Field(() => [UserError], { description: 'Why it was not recorded.' })
  errors: UserError[];
}

@InputType({ description: 'A question for everybody of whom the answer is missing.' })
export class SetProfileQuestionInput {
  @Field(() => String, { description: 'The attribute or the kind of identifier (email, phone) it asks for.' })
  field: string;

  @Field(() => String, { description: 'What the answer improves, such as reachability.' })
  reason: string;

  @Field(() => Float, { description: 'What the answer is worth compared to the others: 0.01 to 100.' })
  value: number;

  @Field(() => String, { description: 'The wording in Spanish.' })
  es: string;

  @Field(() => String, { description: 'The wording in English.' })
  en: string;

  @Field(() => String, { description: 'The wording in Portuguese.' })
  pt: string;

  @Field(() => Boolean, { defaultValue: true, description: 'False: nobody is asked, and it does not count.' })
  active: boolean;
}

@ObjectType({ description: 'The questions after the change.' })
export class SetProfileQuestionPayload {
  @Field(() => [ProfileQuestion], { nullable: true, description: 'All that are asked, the most useful first.' })
  questions?: ProfileQuestion[] | null;

  @Field(() => [UserError], { description: 'Why it was not changed.' })
  errors: UserError[];
}
