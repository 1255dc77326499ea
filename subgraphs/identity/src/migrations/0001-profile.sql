-- A profile is what was seen; a customer is a connected component of profiles over active edges.
-- Facts hang on profile ids for ever; only `profile.customer_id` (a projection of the edges) moves.

create extension if not exists pg_trgm;

create sequence membership_version;

create table profile (
  id uuid primary key,
  -- The smallest profile id of the component. It is a projection: `edge` is the truth.
  customer_id uuid not null,
  -- Version of the membership change that last touched this row; consumers use it to ignore old news.
  version bigint not null default nextval('membership_version'),
  known boolean not null,
  source text not null,
  created_at timestamptz not null,
  first_seen_at timestamptz not null,
  last_seen_at timestamptz not null,
  orders integer not null default 0,
  erased_at timestamptz
);
create index profile_customer on profile (customer_id);

-- Other parts of the platform read membership under this name.
create view customer_profile as select id as profile_id, customer_id, version from profile;

create table identifier (
  type text not null,
  value text not null,
  profile_id uuid not null references profile (id),
  first_seen_at timestamptz not null,
  last_seen_at timestamptz not null,
  -- Used by several people (a family phone, a shop's tablet): it never links any more.
  shared boolean not null default false,
  -- Who is meant where a shared identifier stands alone: the line itself, linked to nobody.
  shared_profile_id uuid references profile (id),
  primary key (type, value)
);
create index identifier_profile on identifier (profile_id);

create table edge (
  id uuid primary key,
  a uuid not null references profile (id),
  b uuid not null references profile (id),
  kind text not null check (kind in ('identifier', 'alias', 'match', 'must-link')),
  weight real not null,
  -- What joins them, such as {"type": "email", "value": "…"}; for a match its fields and scores.
  evidence jsonb not null,
  active boolean not null default true,
  created_at timestamptz not null,
  ended_at timestamptz,
  ended_because text,
  check (a < b)
);
create index edge_a on edge (a) where active;
create index edge_b on edge (b) where active;
create unique index edge_once on edge (a, b, kind, md5(evidence::text)) where active;

-- A person's decision, stronger than any evidence.
create table override (
  id uuid primary key,
  kind text not null check (kind in ('must-link', 'cannot-link')),
  a uuid not null references profile (id),
  b uuid not null references profile (id),
  made_by text not null,
  reason text not null,
  made_at timestamptz not null,
  active boolean not null default true,
  check (a < b)
);
create index override_a on override (a) where active;
create index override_b on override (b) where active;

-- Which customers were joined, and what each was before: an unmerge restores from here.
create table merge (
  id uuid primary key,
  into_customer uuid not null,
  merged_customer uuid not null,
  into_profiles uuid[] not null,
  merged_profiles uuid[] not null,
  kind text not null,
  made_by text not null,
  reason text not null,
  made_at timestamptz not null,
  undone_at timestamptz
);
create index merge_merged on merge (merged_customer) where undone_at is null;
create index merge_into on merge (into_customer) where undone_at is null;

-- What a source said, as it said it. Never changed; an erasure deletes it.
create table source_record (
  id uuid primary key,
  profile_id uuid not null references profile (id),
  source text not null,
  source_id text,
  channel text,
  occurred_at timestamptz not null,
  recorded_at timestamptz not null,
  identifiers jsonb not null,
  attributes jsonb not null,
  payload jsonb,
  content_hash text not null
);
create index source_record_profile on source_record (profile_id, occurred_at);
create unique index source_record_once on source_record (source, source_id, content_hash) where source_id is not null;

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only: row % cannot be changed. Add a new row instead.', tg_table_name, old.id;
end $$;
create trigger source_record_immutable before update on source_record
  for each row execute function refuse_change();

-- Every value that any source gave for an attribute: winner and losers are told apart when read.
create table attribute (
  profile_id uuid not null references profile (id),
  name text not null,
  source text not null,
  value_hash text not null,
  value jsonb not null,
  confidence real not null,
  first_at timestamptz not null,
  last_at timestamptz not null,
  times integer not null default 1,
  -- Lower case, without accents: only for names, which people search.
  folded text,
  primary key (profile_id, name, source, value_hash)
);
create index attribute_folded on attribute using gin (folded gin_trgm_ops) where folded is not null;

-- Which value of an attribute wins, where it is not the rule that ships.
create table survivorship_rule (
  attribute text primary key,
  strategy text not null check (strategy in ('recent', 'frequent', 'trusted', 'confident')),
  sources text[] not null default '{}',
  set_by text not null,
  set_at timestamptz not null
);
