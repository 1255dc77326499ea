import type { Tx } from '@trenza/database';
import { DomainError } from '@trenza/values';
import { resolveSightings, type Clock, type Resolved } from '../resolution/resolve-sightings.ts';
import { readObservation, warningsOf, type ObservationInput } from './observation.ts';

/** Somebody was seen. Says who it is, and remembers what was learnt. */
export async function identify(
  tx: Tx,
  input: ObservationInput,
  deps: Clock,
  options: { deliberate?: boolean } = {},
): Promise<Resolved> {
  const { observation, refused, unused } = readObservation(input, deps.clock.now());
  const [placed] = await resolveSightings(tx, [{ ...observation, ...options }], deps);
  if ('refused' in placed!) throw new DomainError(placed.refused, placed.message, ['input', 'identifiers']);
  return { ...placed!, warnings: [...warningsOf(refused), ...unused, ...placed!.warnings] };
}

export interface Alias {
  of: NonNullable<ObservationInput['identifiers']>[number];
  alias: NonNullable<ObservationInput['identifiers']>[number];
  source: string;
  country?: string | null;
}

/** Says on purpose that two identifiers mean one person: limits do not apply, a decision that they are two people still does. */
export async function alias(tx: Tx, { of, alias, source, country }: Alias, deps: Clock): Promise<Resolved> {
  const input = { identifiers: [of, alias], source, country };
  const { observation, refused } = readObservation(input, deps.clock.now());
  if (refused.length > 0) {
    throw new DomainError('INVALID_IDENTIFIER', warningsOf(refused).join(' '), ['input']);
  }
  if (observation.identifiers.length < 2) {
    throw new DomainError(
      'SELF_ALIAS',
      'Both identifiers are the same one in their normal form. Give two different ones.',
      ['input', 'alias'],
    );
  }
  return identify(tx, input, deps, { deliberate: true });
}
