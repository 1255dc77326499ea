import type { NamedStatement, StatementObserver } from '@trenza/database';
import { currentCause } from '@trenza/events';
import { codeOfError, startSpan } from '@trenza/telemetry';

/** Texts are constants of the code; the few that are put together from filters must not fill the memory. */
const MOST_SUMMARIES = 1_000;
const summaries = new Map<string, string>();

/** A span per statement, below whatever request or event it belongs to: named after the statement or its table, never with a value. */
export const traceStatement: StatementObserver = async (statement, run) => {
  const parent = currentCause()?.traceparent;
  // The relay and jobs look for work many times a second: that belongs to no trace.
  const name = nameOf(statement);
  const span = parent === undefined ? undefined : startSpan(name, 'client', parent, attributesOf(name));
  try {
    return await run();
  } catch (error) {
    span?.failed(codeOfError(error));
    throw error;
  } finally {
    span?.end();
  }
};

const attributesOf = (name: string): Record<string, string> => ({
  'db.system.name': 'postgresql',
  'db.query.summary': name,
});

const nameOf = (statement: string | NamedStatement): string =>
  typeof statement === 'string' ? summaryOf(statement) : statement.name;

/** `insert into order_line`, `select stock`: the first table that is written, else the first that is read. */
export function summaryOf(text: string): string {
  const known = summaries.get(text);
  if (known) return known;
  const written =
    /\b(insert into|delete from|merge into|(?<!for )(?<!key )update(?! set\b| of\b| skip\b| nowait\b))\s+(?:only\s+)?([a-z_][a-z_0-9]*)/i.exec(
      text,
    );
  const read = /\bfrom\s+([a-z_][a-z_0-9]*)/i.exec(text);
  const [verb = 'statement'] = /[a-z]+/i.exec(text) ?? [];
  const summary = written
    ? `${written[1]!.toLowerCase()} ${written[2]}`
    : read
      ? `select ${read[1]}`
      : verb.toLowerCase();
  if (summaries.size < MOST_SUMMARIES) summaries.set(text, summary);
  return summary;
}
