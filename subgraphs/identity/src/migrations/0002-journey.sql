-- One row per contact in any channel, from any subgraph, under the profile it happened to.
-- `id` is the id of the event, hence a repeat is the same row.
create table touchpoint (
  id uuid primary key,
  profile_id uuid not null,
  occurred_at timestamptz not null,
  recorded_at timestamptz not null default now(),
  kind text not null,
  channel text not null,
  subgraph text not null,
  store_id uuid,
  product_id uuid,
  -- What it is about: an order, a message, an answer, a case …
  subject_id text,
  category text,
  amount bigint,
  currency text,
  score real,
  details jsonb not null default '{}'
);
create index touchpoint_profile on touchpoint (profile_id, occurred_at, id);
create index touchpoint_time on touchpoint using brin (occurred_at);
