import { DomainError } from '@trenza/values';

/** Refuses a number outside its bounds, naming the field; what is not given is fine. */
export function assertBetween(value: number | null | undefined, low: number, high: number, ...path: string[]): void {
  if (value == null || (value >= low && value <= high)) return;
  throw new DomainError('OUT_OF_RANGE', `${path.at(-1)} must be ${low} to ${high}, not ${value}.`, ['input', ...path]);
}

/** Reasons are read in statements and lists: a sentence, not a letter. */
const MAX_REASON = 200;

export function assertReason(reason: string): void {
  if (reason.trim() !== '' && reason.length <= MAX_REASON) return;
  throw new DomainError(
    'INVALID_REASON',
    `A reason has 1 to ${MAX_REASON} characters, this one has ${reason.length}.`,
    ['input', 'reason'],
  );
}
