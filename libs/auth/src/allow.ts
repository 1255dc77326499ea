import { Extensions } from 'type-graphql';
import type { Role } from './caller.ts';

export interface AccessRule {
  /** Roles that may ask, whoever it is about. */
  roles: readonly Role[];
  /** The customer it is about: she may ask herself. */
  self?: (root: unknown, args: Record<string, unknown>) => string | null | undefined;
  /** The store it is about: its associates may ask. */
  store?: (root: unknown, args: Record<string, unknown>) => string | null | undefined;
  /** The customer it is about: associates who serve her may ask. Whom an associate serves is the subgraph's decision (`serves`). */
  served?: (root: unknown, args: Record<string, unknown>) => string | null | undefined;
}

export type Access = 'anyone' | AccessRule;

/** Where the rule stands in a field's or type's `extensions`. */
export const ACCESS = 'access';

type Id = string | null | undefined;

/**
 * Who may ask for this field, or for every field of this type. `self`, `store` and `served` read from the parent and the arguments of whom it speaks:
 * `(root, args) => args.id`; where the argument is nested, annotate it: `(_: unknown, args: { input: { profileId: string } }) => args.input.profileId`.
 */
export function Allow<Root = { id: string }, Args = Record<string, string>>(
  access:
    | 'anyone'
    | {
        roles: readonly Role[];
        self?: (root: Root, args: Args) => Id;
        store?: (root: Root, args: Args) => Id;
        served?: (root: Root, args: Args) => Id;
      },
): MethodDecorator & PropertyDecorator & ClassDecorator {
  return Extensions({ [ACCESS]: access as Access });
}
