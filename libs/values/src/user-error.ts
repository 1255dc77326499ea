import { Directive, Field, ObjectType } from 'type-graphql';

@ObjectType({ description: 'Something the caller can put right.' })
@Directive('@shareable')
export class UserError {
  @Field(() => String, { description: 'Stable code, for example INSUFFICIENT_POINTS.' })
  code: string;

  @Field(() => String, { description: 'What happened, with which value, and what to do.' })
  message: string;

  @Field(() => [String], { nullable: true, description: 'The input field it is about, from the outside in.' })
  path: string[] | null;
}

/** A refusal that the caller can put right: thrown by use cases, rolls the transaction back, comes back in `payload.errors`. */
export class DomainError extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly path: string[] | null = null,
  ) {
    super(message);
  }

  toUserError(): UserError {
    return Object.assign(new UserError(), { code: this.code, message: this.message, path: this.path });
  }
}
