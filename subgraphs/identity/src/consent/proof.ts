import { unstorableIn } from '@trenza/subgraph';
import { DomainError } from '@trenza/values';

/** What the event contract and a reader of the proof bear: a name, not a document. */
const MAX_TEXT = 100;

/** A consent without where she said it and which wording she saw proves nothing. Throws `DomainError`. */
export function checkProofText(field: 'source' | 'wordingVersion', text: string): void {
  const unstorable = unstorableIn({ [field]: text });
  if (!unstorable && text.trim() !== '' && text.length <= MAX_TEXT) return;
  const message =
    unstorable ??
    `The proof of a consent needs ${field === 'source' ? 'where she said it' : 'the version of the wording she saw'}, in 1 to ${MAX_TEXT} characters; ${text.length} were given.`;
  throw new DomainError(field === 'source' ? 'INVALID_SOURCE' : 'WORDING_MISSING', message, ['input', field]);
}
