import { sql, type Tx } from '@trenza/database';
import { newId } from '@trenza/events';
import type { Context } from '@trenza/subgraph';
import { DomainError } from '@trenza/values';
import type { SaveOfferInput } from './decision.type.ts';

const MAX_TITLE_LENGTH = 200;

const SAVE = `
  insert into offer (id, kind, title, topic, product_id, channels, value, starts_at, ends_at, created_by, created_at)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
  on conflict (id) do update
     set kind = excluded.kind, title = excluded.title, topic = excluded.topic, product_id = excluded.product_id, channels = excluded.channels,
         value = excluded.value, starts_at = excluded.starts_at, ends_at = excluded.ends_at`;

export async function saveOffer(
  tx: Tx,
  input: SaveOfferInput,
  { caller, now }: Pick<Context, 'caller' | 'now'>,
): Promise<string> {
  const { kind, topic, productId, channels, value } = input;
  const title = input.title.trim();
  if (!title || title.length > MAX_TITLE_LENGTH)
    throw new DomainError(
      'INVALID_TITLE',
      `A title has 1 to ${MAX_TITLE_LENGTH} characters, this one has ${title.length}.`,
      ['input', 'title'],
    );
  if (kind === 'silence')
    throw new DomainError(
      'INVALID_KIND',
      'Silence is always possible and needs no offer. Choose OFFER, CONTENT or SERVICE.',
      ['input', 'kind'],
    );
  if (value < 0)
    throw new DomainError('INVALID_VALUE', `The value is ${value}; it must not be negative.`, ['input', 'value']);
  const startsAt = input.startsAt ?? now();
  if (input.endsAt && input.endsAt <= startsAt)
    throw new DomainError('INVALID_PERIOD', `It would end at ${input.endsAt.toISOString()}, before it starts.`, [
      'input',
      'endsAt',
    ]);
  const id = input.id ?? newId();
  await sql(tx, SAVE, [
    id,
    kind,
    title,
    topic ?? null,
    productId ?? null,
    channels?.length ? channels : null,
    value,
    startsAt,
    input.endsAt ?? null,
    caller.subject,
    now(),
  ]);
  return id;
}
