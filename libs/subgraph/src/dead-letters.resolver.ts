import { Allow } from '@trenza/auth';
import {
  discardDeadLetter,
  findDeadLetter,
  listDeadLetters,
  replayDeadLetter,
  type ConsumerOptions,
  type DeadLetter as Letter,
} from '@trenza/outbox';
import type { Producer } from '@trenza/events';
import { failureText } from '@trenza/telemetry';
import {
  connection,
  decodeCursor,
  DomainError,
  GraphQLDateTimeISO,
  JSONScalar,
  pageOf,
  pageSize,
  UserError,
} from '@trenza/values';
import {
  Arg,
  Ctx,
  Directive,
  Field,
  ID,
  Int,
  Mutation,
  ObjectType,
  Query,
  registerEnumType,
  Resolver,
} from 'type-graphql';
import { capitalised } from './capitalised.ts';
import type { Context, Deps } from './definition.ts';

export enum DeadLetterStatus {
  OPEN = 'open',
  REPLAYED = 'replayed',
  DISCARDED = 'discarded',
}
registerEnumType(DeadLetterStatus, {
  name: 'DeadLetterStatus',
  description: 'What became of an event that could not be handled.',
});

@ObjectType({ description: 'An event that a subgraph could not handle, kept until somebody replays or discards it.' })
@Directive('@shareable')
export class DeadLetter {
  @Field(() => ID, { description: 'The id of the event.' })
  id: string;

  @Field(() => String, { description: 'The type of the event, for example loyalty.points.earned.v1.' })
  type: string;

  @Field(() => JSONScalar, {
    nullable: true,
    description: 'The event as it arrived; null if it is not even JSON: `text` has it then.',
  })
  payload: unknown;

  @Field(() => String, {
    nullable: true,
    description: 'What arrived, where it is no JSON: its first 65,536 characters. It can be discarded, not replayed.',
  })
  text: string | null;

  @Field(() => String, { description: 'Why the last attempt failed.' })
  error: string;

  @Field(() => Int, { description: 'How often it was tried.' })
  attempts: number;

  @Field(() => GraphQLDateTimeISO, { description: 'When the last attempt failed.' })
  failedAt: Date;

  @Field(() => DeadLetterStatus, { description: 'What became of it.' })
  status: string;
}

@ObjectType({ description: 'A page of dead letters.' })
@Directive('@shareable')
class DeadLetterConnection extends connection('DeadLetter', () => DeadLetter) {}

@ObjectType({ description: 'A dead letter after it was replayed or discarded.' })
@Directive('@shareable')
class DeadLetterPayload {
  @Field(() => DeadLetter, { nullable: true, description: 'The letter as it is now.' })
  deadLetter: DeadLetter | null;

  @Field(() => [UserError], { description: 'Why it could not be done.' })
  errors: UserError[];
}

/** A replay needs the handlers of the running subgraph; the server puts them here when it starts. */
const consumerOptions = new WeakMap<object, ConsumerOptions<Deps>>();
export const enableReplay = (options: ConsumerOptions<Deps>): void =>
  void consumerOptions.set(options.database, options);

/** Root fields are one namespace for the whole graph, so each subgraph's carry its name: `loyaltyDeadLetters`, `replayLoyaltyDeadLetter`. */
export function deadLetterResolver(subgraph: Producer): Function {
  @Resolver()
  class DeadLettersResolver {
    @Query(() => DeadLetterConnection, {
      name: `${subgraph}DeadLetters`,
      description: `Events that ${subgraph} could not handle, the newest first.`,
    })
    @Allow({ roles: ['admin'] })
    async deadLetters(
      @Arg('status', () => DeadLetterStatus, {
        defaultValue: DeadLetterStatus.OPEN,
        description: 'Open ones unless told otherwise.',
      })
      status: DeadLetterStatus,
      @Arg('first', () => Int, { nullable: true, description: '1 to 100; 20 where it is left out.' })
      first: number | null,
      @Arg('after', () => String, { nullable: true, description: 'Cursor of the last one seen.' }) after: string | null,
      @Ctx() ctx: Context,
    ): Promise<DeadLetterConnection> {
      const size = pageSize(first);
      const letters = await listDeadLetters(ctx.database, status, size + 1, decodeCursor(after));
      return pageOf(letters, size, asType, (letter) => [letter.failedAt, letter.id]) as DeadLetterConnection;
    }

    @Query(() => DeadLetter, {
      nullable: true,
      name: `${subgraph}DeadLetter`,
      description: `One event that ${subgraph} could not handle.`,
    })
    @Allow({ roles: ['admin'] })
    async deadLetter(
      @Arg('id', () => ID, { description: 'The id of the event.' }) id: string,
      @Ctx() ctx: Context,
    ): Promise<DeadLetter | null> {
      const letter = await findDeadLetter(ctx.database, id);
      return letter && asType(letter);
    }

    @Mutation(() => DeadLetterPayload, {
      name: `replay${capitalised(subgraph)}DeadLetter`,
      description: `Lets ${subgraph} handle the event once more. If that fails it stays open and the error says why.`,
    })
    @Allow({ roles: ['admin'] })
    async replay(
      @Arg('id', () => ID, { description: 'The id of the event.' }) id: string,
      @Ctx() ctx: Context,
    ): Promise<DeadLetterPayload> {
      const options = consumerOptions.get(ctx.database);
      if (!options) throw new Error('This process consumes no events.');
      try {
        return found(await replayDeadLetter(options, id, ctx.caller.subject), id);
      } catch (error) {
        return refused(new DomainError('REPLAY_FAILED', `The event failed again. ${failureText(error)}`, ['id']));
      }
    }

    @Mutation(() => DeadLetterPayload, {
      name: `discard${capitalised(subgraph)}DeadLetter`,
      description: `Gives the event up: ${subgraph} will never handle it.`,
    })
    @Allow({ roles: ['admin'] })
    async discard(
      @Arg('id', () => ID, { description: 'The id of the event.' }) id: string,
      @Ctx() ctx: Context,
    ): Promise<DeadLetterPayload> {
      return found(await discardDeadLetter(ctx.database, id, ctx.caller.subject), id);
    }
  }
  return DeadLettersResolver;
}

function asType(letter: Letter): DeadLetter {
  return Object.assign(new DeadLetter(), letter, read(letter.payload));
}

function read(text: string): Pick<DeadLetter, 'payload' | 'text'> {
  try {
    return { payload: JSON.parse(text), text: null };
  } catch {
    return { payload: null, text };
  }
}

const refused = (error: DomainError): DeadLetterPayload => ({ deadLetter: null, errors: [error.toUserError()] });

const found = (letter: Letter | null, id: string): DeadLetterPayload =>
  letter
    ? { deadLetter: asType(letter), errors: [] }
    : refused(new DomainError('NOT_FOUND', `There is no dead letter with the id ${id}.`, ['id']));
