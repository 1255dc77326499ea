import { Allow } from '@trenza/auth';
import { mutate, type Context } from '@trenza/subgraph';
import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { auditChange } from '../audit/write-audit.ts';
import { MarkSharedInput, MarkSharedPayload, type CustomerIdentifier } from './identifier.type.ts';
import { readReason } from './reason.ts';
import { shareIdentifier, unshareIdentifier } from './share-identifier.ts';
import { DEFAULT_COUNTRY } from './normalise.ts';

@Resolver()
export class IdentifierResolver {
  @Mutation(() => MarkSharedPayload, {
    description:
      'Says that several people use an identifier, such as the telephone of a family: it links nobody any more and nobody is written to by it. Whom it has linked stays linked until an unmerge. Safe to repeat.',
  })
  @Allow({ roles: ['care', 'admin'] })
  markShared(
    @Arg('input', () => MarkSharedInput, { description: 'The identifier, and how one knows.' }) input: MarkSharedInput,
    @Ctx() ctx: Context,
  ): Promise<MarkSharedPayload> {
    return mutate(ctx, MarkSharedPayload, async (tx) => {
      const { type, value } = input;
      const reason = readReason(input.reason);
      const country = input.country ?? DEFAULT_COUNTRY;
      const { identifier, customerId } = await shareIdentifier(tx, { type, value, country }, ctx);
      await auditChange(tx, ctx, 'mark-shared', customerId, [type], reason);
      return { identifier: identifier as unknown as CustomerIdentifier };
    });
  }

  @Mutation(() => MarkSharedPayload, {
    description:
      'Says that one person uses an identifier after all: it links again, and whoever was seen with it meanwhile is linked as if it had never been shared. Safe to repeat.',
  })
  @Allow({ roles: ['care', 'admin'] })
  unmarkShared(
    @Arg('input', () => MarkSharedInput, { description: 'The identifier, and how one knows.' }) input: MarkSharedInput,
    @Ctx() ctx: Context,
  ): Promise<MarkSharedPayload> {
    return mutate(ctx, MarkSharedPayload, async (tx) => {
      const reason = readReason(input.reason);
      const country = input.country ?? DEFAULT_COUNTRY;
      const { type, value } = input;
      const { identifier, customerId } = await unshareIdentifier(tx, { type, value, country }, ctx);
      await auditChange(tx, ctx, 'unmark-shared', customerId, [type], reason);
      return { identifier: identifier as unknown as CustomerIdentifier };
    });
  }
}
