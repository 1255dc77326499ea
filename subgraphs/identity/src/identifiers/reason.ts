import { DomainError } from '@trenza/values';

/** A sentence or two for whoever reads the audit log; more is a document. */
const MAX_REASON = 500;

/** The reason of a decision by hand, without which it is not recorded. */
export function readReason(raw: string, path = ['input', 'reason']): string {
  const reason = raw.trim();
  if (reason.length > 0 && reason.length <= MAX_REASON) return reason;
  const message = `The reason has ${reason.length} characters; write 1 to ${MAX_REASON}.`;
  throw new DomainError('INVALID_REASON', message, path);
}
