import { Field, Int, ObjectType } from 'type-graphql';
import { UserError } from '@trenza/values';
import type { ImportOutcome } from './import-rows.ts';

@ObjectType({ description: 'Why one item of an import was not taken.' })
export class InventoryImportRefusal {
  @Field(() => Int, { description: 'Where the item stood in the input, from 0.' })
  index: number;

  @Field(() => String, { description: 'Its code, sku or number.' })
  key: string;

  @Field(() => String, { description: 'The field that was not accepted.' })
  field: string;

  @Field(() => String, { description: 'Stable code.' })
  code: string;

  @Field(() => String, { description: 'What is wrong, with the value.' })
  message: string;
}

@ObjectType({ description: 'What an import did. The same items again count as unchanged.' })
export class InventoryImportPayload {
  @Field(() => Int, { description: 'Items that are new.' })
  created = 0;

  @Field(() => Int, { description: 'Items that were there and are different now.' })
  updated = 0;

  @Field(() => Int, { description: 'Items that were there, exactly like this.' })
  unchanged = 0;

  @Field(() => Int, { description: 'Items that were not taken; see refusals.' })
  refused = 0;

  @Field(() => [InventoryImportRefusal], { description: 'The items that were not taken, in the order of the input.' })
  refusals: InventoryImportRefusal[] = [];

  @Field(() => [UserError], { description: 'Why nothing was taken at all.' })
  errors: UserError[];

  static of({ refusals, ...counts }: ImportOutcome): InventoryImportPayload {
    const inOrder = refusals.toSorted((a, b) => a.index - b.index);
    return Object.assign(new InventoryImportPayload(), counts, {
      refused: refusals.length,
      refusals: inOrder,
      errors: [],
    });
  }
}
