import { sql, type Tx } from '@trenza/database';
import { event, newId } from '@trenza/events';
import { publish } from '@trenza/outbox';
import { DomainError } from '@trenza/values';
import { after, statusAt, type PromotionAction, type PromotionRule } from './promotion.ts';
import { namesIn, problemOf } from './promotion-rule.ts';
import { lockPromotion, MAX_RUNNING, writePromotion, type StoredPromotion } from './promotions.sql.ts';

/** Who does it, and why. */
export interface Actor {
  actor: string;
  reason: string | null;
}

/** What may change while it runs. */
export interface Settings {
  name: string;
  description: string | null;
  priority: number;
  totalLimit: number | null;
  customerLimit: number | null;
  validFrom: Date;
  validTo: Date | null;
}

const MAX_NAME = 200;
const MAX_DESCRIPTION = 2_000;
/** Greater figures say nothing more. */
const MAX_PRIORITY = 1_000_000;

export async function createPromotion(
  tx: Tx,
  command: Settings & PromotionRule & Actor,
  now: Date,
): Promise<StoredPromotion> {
  const { actor, reason, ...rest } = command;
  const promotion: StoredPromotion = {
    ...rest,
    id: newId(),
    state: 'draft',
    releasedAt: null,
    createdAt: now,
    changedAt: now,
  };
  return keep(tx, promotion, 'create', { actor, reason }, now);
}

/** Changes what is named. What it takes off, and off what, is fixed once it was released: customers were told so. */
export async function changePromotion(
  tx: Tx,
  command: { promotionId: string; settings: Partial<Settings>; rule: Partial<PromotionRule> } & Actor,
  now: Date,
): Promise<StoredPromotion> {
  const before = await locked(tx, command.promotionId);
  const { settings, rule } = command;
  const status = statusAt(before, now);
  if (status === 'ended')
    throw new DomainError('PROMOTION_ENDED', `"${before.name}" has ended. Make a new one.`, ['input', 'promotionId']);
  if (before.releasedAt) {
    const [fixed] = Object.keys(rule);
    if (fixed)
      throw new DomainError(
        'PROMOTION_RELEASED',
        `"${before.name}" was released: its ${fixed} is what customers were told. End it and make another.`,
        ['input', fixed],
      );
    limitStaysOne(before, settings, 'totalLimit');
    limitStaysOne(before, settings, 'customerLimit');
    if (settings.validFrom && before.validFrom <= now)
      throw new DomainError('PROMOTION_RELEASED', `"${before.name}" has begun; its beginning is history.`, [
        'input',
        'validFrom',
      ]);
  }
  return keep(tx, { ...before, ...settings, ...rule, changedAt: now }, 'change', command, now);
}

/** Uses are counted from the release on, so whether there is a limit is settled by then; how high it is is not. */
function limitStaysOne(
  before: StoredPromotion,
  settings: Partial<Settings>,
  field: 'totalLimit' | 'customerLimit',
): void {
  const value = settings[field];
  if (value === undefined || (value === null) === (before[field] === null)) return;
  throw new DomainError(
    'PROMOTION_RELEASED',
    `"${before.name}" was released ${before[field] === null ? 'without' : 'with'} this limit. It can be made higher or lower, not put in or taken away.`,
    ['input', field],
  );
}

/** Releases, pauses, resumes or ends it. The same again changes nothing. */
export async function actOnPromotion(
  tx: Tx,
  command: { promotionId: string; action: PromotionAction } & Actor,
  now: Date,
): Promise<StoredPromotion> {
  const { action } = command;
  const before = await locked(tx, command.promotionId);
  const status = statusAt(before, now);
  if (before.state === { release: 'released', resume: 'released', pause: 'paused', end: 'ended' }[action])
    return before;
  const state = status === 'ended' ? null : after(before.state, action);
  if (!state)
    throw new DomainError('CANNOT_CHANGE_STATUS', `"${before.name}" is ${status}; it cannot be asked to ${action}.`, [
      'input',
      'promotionId',
    ]);
  if (state === 'released') await mayRun(tx, before, now);
  const releasedAt = before.releasedAt ?? (action === 'release' ? now : null);
  return keep(tx, { ...before, state, releasedAt, changedAt: now }, action, command, now);
}

async function locked(tx: Tx, id: string): Promise<StoredPromotion> {
  const promotion = await lockPromotion(tx, id);
  if (!promotion)
    throw new DomainError('UNKNOWN_PROMOTION', `No promotion has the id ${id}.`, ['input', 'promotionId']);
  return promotion;
}

/** What it names exists, and not too many run at once. */
async function mayRun(tx: Tx, promotion: StoredPromotion, now: Date): Promise<void> {
  const names = namesIn(promotion);
  const unknown = await sql<{ kind: string; name: string }>(tx, UNKNOWN, [
    names.sku,
    names.model,
    names.category,
    names.brand,
    promotion.conditions.storeIds ?? [],
  ]);
  if (unknown[0])
    throw new DomainError(
      'UNKNOWN_IN_SCOPE',
      `No ${unknown[0].kind} is known as "${unknown[0].name}"${unknown.length > 1 ? `, and ${unknown.length - 1} more` : ''}: it would apply to nothing. Correct the promotion, or bring in the products first.`,
      ['input', 'promotionId'],
    );
  await sql(tx, `select pg_advisory_xact_lock(hashtextextended('promotions', 0))`);
  const [running] = await sql<{ n: number }>(
    tx,
    `select count(*) as n from promotion where state = 'released' and (valid_to is null or valid_to > $1)`,
    [now],
  );
  if (running!.n >= MAX_RUNNING)
    throw new DomainError(
      'TOO_MANY_PROMOTIONS',
      `${running!.n} promotions run or are scheduled, which is the most. End one first.`,
      ['input', 'promotionId'],
    );
}

const UNKNOWN = `
  select kind, name from (
    select 'sku' as kind, name from unnest($1::text[]) n(name) where not exists (select from product p where p.sku = n.name)
    union all
    select 'model', name from unnest($2::text[]) n(name) where not exists (select from product p where p.model = n.name)
    union all
    select 'category', name from unnest($3::text[]) n(name)
     where not exists (select from product p where p.category = n.name or starts_with(p.category, n.name || ' > '))
    union all
    select 'brand', name from unnest($4::text[]) n(name) where not exists (select from product p where p.brand = n.name)
    union all
    select 'store', id::text from unnest($5::uuid[]) n(id) where not exists (select from place p where p.id = n.id)) u`;

/** Checked, written, noted with who and why, announced. */
async function keep(
  tx: Tx,
  promotion: StoredPromotion,
  action: string,
  { actor, reason }: Actor,
  now: Date,
): Promise<StoredPromotion> {
  check(promotion);
  await writePromotion(tx, promotion);
  const { id, name, validFrom, validTo, benefit, conditions, state } = promotion;
  await sql(
    tx,
    'insert into promotion_change (id, promotion_id, action, actor, reason, state, changed_at) values ($1, $2, $3, $4, $5, $6, $7)',
    [newId(), id, action, actor, reason, JSON.stringify(promotion), now],
  );
  await publish(tx, [
    event('inventory.promotion.changed.v1', {
      occurredAt: now,
      data: {
        promotionId: id,
        name,
        state,
        kind: benefit.kind,
        validFrom: validFrom.toISOString(),
        validTo: validTo?.toISOString() ?? null,
        channels: [...(conditions.channels ?? [])],
        storeIds: [...(conditions.storeIds ?? [])],
      },
    }),
  ]);
  return promotion;
}

function check(p: StoredPromotion): void {
  const invalid = (path: string[], message: string): DomainError =>
    new DomainError('INVALID_PROMOTION', message, ['input', ...path]);
  const wrong = problemOf(p);
  if (wrong) throw invalid(wrong.path, wrong.message);
  if (p.name.trim() === '' || p.name.length > MAX_NAME)
    throw invalid(['name'], `A name has 1 to ${MAX_NAME} characters, this one has ${p.name.length}.`);
  if ((p.description?.length ?? 0) > MAX_DESCRIPTION)
    throw invalid(['description'], `A description has at most ${MAX_DESCRIPTION} characters.`);
  if (Math.abs(p.priority) > MAX_PRIORITY)
    throw invalid(['priority'], `A priority lies between -${MAX_PRIORITY} and ${MAX_PRIORITY}.`);
  for (const field of ['totalLimit', 'customerLimit'] as const)
    if ((p[field] ?? 1) < 1) throw invalid([field], `${p[field]} is no limit. Leave it out where there is none.`);
  if (p.validTo && p.validTo <= p.validFrom) throw invalid(['validTo'], 'It would end before it begins.');
}
