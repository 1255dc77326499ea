-- What she said about being contacted and analysed, with proof. History only grows.
create table consent (
  id uuid primary key,
  profile_id uuid not null references profile (id),
  -- The profiles that were hers when she said it: a later statement replaces earlier ones of these.
  scope uuid[] not null,
  purpose text not null,
  channel text,
  granted boolean not null,
  wording_version text not null,
  source text not null,
  given_via text not null,
  recorded_by text not null,
  occurred_at timestamptz not null,
  recorded_at timestamptz not null
);
create index consent_profile on consent (profile_id, occurred_at);
-- The same statement again, from an import, is the same statement.
create unique index consent_once on consent (profile_id, purpose, coalesce(channel, ''), occurred_at, granted);
create trigger consent_immutable before update on consent
  for each row execute function refuse_change();

-- The identifiers of erased people, as keyed hashes: they cannot be read back, but recognised.
create table tombstone (
  hash text primary key,
  request_id uuid not null,
  erased_at timestamptz not null
);

create table privacy_request (
  id uuid primary key,
  kind text not null check (kind in ('erasure', 'export')),
  customer_id uuid not null,
  profile_ids uuid[] not null,
  requested_by text not null,
  reason text not null,
  requested_at timestamptz not null,
  completed_at timestamptz
);
create index privacy_request_customer on privacy_request (customer_id);

create table privacy_receipt (
  request_id uuid not null references privacy_request (id),
  subgraph text not null,
  received_at timestamptz not null,
  removed jsonb,
  anonymised jsonb,
  document jsonb,
  primary key (request_id, subgraph)
);

-- Who read or changed whose data. Values are never stored here, only names of fields.
create table audit (
  id uuid primary key,
  at timestamptz not null,
  actor text not null,
  role text not null,
  action text not null,
  customer_id uuid not null,
  fields text[] not null,
  reason text,
  request_id text
);
create index audit_customer on audit (customer_id, at);
create index audit_actor on audit (actor, at);
