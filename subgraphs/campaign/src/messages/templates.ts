import { sql, type Tx } from '@trenza/database';
import { newId } from '@trenza/events';
import type { Context } from '@trenza/subgraph';
import { DomainError } from '@trenza/values';
import { render, type Variant } from './render.ts';
import type { CampaignTemplate, SaveCampaignTemplateInput } from './message.type.ts';

const MAX_NAME_LENGTH = 100;
/** Eleven channels in a handful of languages. */
const MAX_VARIANTS = 60;
const LANGUAGE = /^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/;

const SAVE = `
  insert into template as known (id, name, created_by, changed_at) values ($1, $2, $3, $4)
  on conflict (id) do update set name = excluded.name, changed_at = excluded.changed_at`;
const SAVE_VARIANTS = `
  insert into template_variant (template_id, channel, language, subject, body)
  select $1, * from unnest($2::text[], $3::text[], $4::text[], $5::text[])`;

/** What is saved can be rendered: each text is tried with no variables at all, which must leave blanks and not fail. */
export async function saveTemplate(
  tx: Tx,
  input: SaveCampaignTemplateInput,
  { caller, now }: Pick<Context, 'caller' | 'now'>,
): Promise<string> {
  const name = input.name.trim();
  const refuse = (code: string, message: string, field: string): never => {
    throw new DomainError(code, message, ['input', field]);
  };
  if (!name || name.length > MAX_NAME_LENGTH)
    refuse('INVALID_NAME', `A name has 1 to ${MAX_NAME_LENGTH} characters, this one has ${name.length}.`, 'name');
  if (input.variants.length === 0 || input.variants.length > MAX_VARIANTS)
    refuse(
      'INVALID_VARIANTS',
      `A template has 1 to ${MAX_VARIANTS} texts, this one has ${input.variants.length}.`,
      'variants',
    );
  const variants: Variant[] = input.variants.map(({ channel, language, subject, body }) => ({
    channel,
    language,
    subject: subject ?? null,
    body,
  }));
  const seen = new Set<string>();
  for (const variant of variants) {
    const { channel, language, subject } = variant;
    if (!LANGUAGE.test(language))
      refuse('INVALID_LANGUAGE', `"${language}" is no language tag. Write es, en or pt-BR.`, 'variants');
    if (channel === 'email' && !subject)
      refuse('SUBJECT_MISSING', `The e-mail text in ${language} has no subject.`, 'variants');
    if (seen.has(`${channel} ${language}`))
      refuse('VARIANT_TWICE', `There are two texts for ${channel} in ${language}.`, 'variants');
    seen.add(`${channel} ${language}`);
    render(variant, {});
  }
  const id = input.id ?? newId();
  const [taken] = await sql(tx, 'select 1 from template where name = $1 and id <> $2', [name, id]);
  if (taken) refuse('NAME_TAKEN', `Another template is called “${name}”. Choose another name.`, 'name');
  await sql(tx, SAVE, [id, name, caller.subject, now()]);
  await sql(tx, 'delete from template_variant where template_id = $1', [id]);
  await sql(tx, SAVE_VARIANTS, [
    id,
    variants.map((v) => v.channel),
    variants.map((v) => v.language),
    variants.map((v) => v.subject),
    variants.map((v) => v.body),
  ]);
  return id;
}

export interface TemplateRow {
  id: string;
  name: string;
  changed_at: Date;
  variants: Variant[];
}

const FIND = `
  select t.*, (select coalesce(jsonb_agg(jsonb_build_object('channel', channel, 'language', language, 'subject', subject, 'body', body) order by channel, language), '[]')
                 from template_variant v where v.template_id = t.id) as variants
    from template t`;

export async function findTemplates(
  db: Context['database'],
  ids: readonly string[],
): Promise<Map<string, TemplateRow>> {
  const rows = await sql<TemplateRow>(db, `${FIND} where t.id = any($1::uuid[])`, [ids]);
  return new Map(rows.map((row) => [row.id, row]));
}

export const listTemplates = (
  db: Context['database'],
  afterName: string | null,
  limit: number,
): Promise<TemplateRow[]> =>
  sql<TemplateRow>(db, `${FIND} where $1::text is null or t.name > $1 order by t.name limit $2`, [afterName, limit]);

export const templateFrom = ({ id, name, changed_at: changedAt, variants }: TemplateRow): CampaignTemplate => ({
  id,
  name,
  changedAt,
  variants,
});
