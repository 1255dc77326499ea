import { sql, type Tx } from '@trenza/database';
import { newId } from '@trenza/events';

export interface CaseNote {
  id: string;
  caseId: string;
  at: Date;
  author: string;
  kind: 'opened' | 'note' | 'assigned' | 'status' | 'escalated' | 'resolved' | 'task';
  text: string | null;
}

type NewNote = Omit<CaseNote, 'id' | 'at'>;

/** What happened to a case, in order: for whoever takes it over. */
export const writeNote = (tx: Tx, { caseId, author, kind, text }: NewNote, at: Date): Promise<unknown> =>
  sql(tx, {
    name: 'case-note',
    text: 'insert into case_note (id, case_id, at, author, kind, text) values ($1, $2, $3, $4, $5, $6)',
    values: [newId(), caseId, at, author, kind, text],
  });

/** Batch loader: the notes of cases, oldest first. */
export async function notesOf(
  caseIds: readonly string[],
  { database }: { database: Parameters<typeof sql>[0] },
): Promise<CaseNote[][]> {
  const rows = await sql<CaseNote>(
    database,
    'select id, case_id as "caseId", at, author, kind, text from case_note where case_id = any($1::uuid[]) order by at, id',
    [caseIds],
  );
  return caseIds.map((caseId) => rows.filter((row) => row.caseId === caseId));
}
