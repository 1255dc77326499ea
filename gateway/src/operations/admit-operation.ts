import { createHash } from 'node:crypto';
import { Refusal } from '../errors/refusal.ts';
import { bareText, type ClientPolicy } from './client-policy.ts';
import { bareId } from './manifest.ts';

/** How a request says which operation it means: by text, by the id of a persisted one, or by both. */
export interface OperationRequest {
  query?: unknown;
  documentId?: unknown;
  extensions?: { persistedQuery?: { version?: unknown; sha256Hash?: unknown } | null } | null;
}

export type Admission =
  /** Execute this text, in place of whatever the request said. */
  | { kind: 'text'; text: string }
  /** Let the server's automatic persisted queries decide. */
  | { kind: 'as it is'; unlisted?: string };

/** Whether this client may ask for this operation. Codes are those of Apollo's Router, which clients know. */
export function admitOperation(policy: ClientPolicy, request: OperationRequest): Admission {
  const text = typeof request.query === 'string' && request.query !== '' ? request.query : undefined;
  const automaticId = stringOf(request.extensions?.persistedQuery?.sha256Hash);
  const id = stringOf(request.documentId) ?? automaticId;
  const listed = id === undefined ? undefined : policy.manifest.get(bareId(id));
  if (policy.mode === 'safelist') return { kind: 'text', text: admitListed(policy, id, listed, text) };
  if (text !== undefined && stringOf(request.documentId) !== undefined) throw bothSent();
  if (text === undefined && listed !== undefined) return { kind: 'text', text: listed };
  if (text === undefined && id !== undefined && automaticId === undefined) throw notInList(id);
  checkAutomatic(request, text);
  const unlisted = policy.mode === 'log' && text !== undefined && !policy.texts.has(bareText(text)) ? text : undefined;
  return { kind: 'as it is', unlisted };
}

/** Apollo Server refuses these as well, without a code that tells the client that it is hers to mend. */
function checkAutomatic({ extensions }: OperationRequest, text: string | undefined): void {
  const automatic = extensions?.persistedQuery;
  if (!automatic) return;
  const { version, sha256Hash } = automatic;
  if (version !== 1 || typeof sha256Hash !== 'string')
    throw new Refusal(
      'BAD_REQUEST',
      'An automatic persisted query has the version 1 and the SHA-256 of its text as sha256Hash.',
      400,
    );
  if (text !== undefined && createHash('sha256').update(text).digest('hex') !== sha256Hash)
    throw new Refusal(
      'PERSISTED_QUERY_HASH_MISMATCH',
      'The sha256Hash is not that of the text that came with it.',
      400,
    );
}

function admitListed(
  policy: ClientPolicy,
  id: string | undefined,
  listed: string | undefined,
  text: string | undefined,
): string {
  if (id !== undefined && text !== undefined) throw bothSent();
  if (id !== undefined) {
    if (listed === undefined) throw notInList(id);
    return listed;
  }
  if (policy.requireId || text === undefined)
    throw new Refusal(
      'PERSISTED_QUERY_ID_REQUIRED',
      'This client sends operations by the id that its manifest gives them.',
      400,
    );
  if (!policy.texts.has(bareText(text)))
    throw new Refusal(
      'QUERY_NOT_IN_SAFELIST',
      'This operation is not in the manifest of this client and version.',
      403,
    );
  return text;
}

const stringOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

const notInList = (id: string): Refusal =>
  new Refusal(
    'PERSISTED_QUERY_NOT_IN_LIST',
    `The operation ${id.slice(0, 80)} is not in the manifest of this client and version.`,
    404,
  );

const bothSent = (): Refusal =>
  new Refusal('CANNOT_SEND_PQ_ID_AND_BODY', 'Send the id of a persisted operation or its text, not both.', 400);
