-- Offers and content that marketers want suggested, next to what follows from intent by itself.
create table offer (
  id         uuid primary key,
  kind       text        not null check (kind in ('offer', 'content', 'service')),
  title      text        not null,
  topic      text,
  product_id uuid,
  channels   text[],
  value      bigint      not null check (value >= 0),
  starts_at  timestamptz not null,
  ends_at    timestamptz,
  created_by text        not null,
  created_at timestamptz not null
);

-- Every decision, with all that is needed to explain it and to compare policies offline.
create table decision (
  id             uuid primary key,
  profile_id     uuid             not null,
  channel        text             not null,
  -- Same fingerprint, same answer: a page that is reloaded is one decision, not many.
  fingerprint    text             not null,
  action         text             not null,
  arm            text             not null,
  kind           text             not null,
  stage          text             not null,
  product_id     uuid,
  offer_id       uuid,
  probability    double precision not null,
  explored       boolean          not null,
  policy_version text             not null,
  reason         text             not null,
  candidates     jsonb            not null,
  exclusions     jsonb            not null,
  circumstances  jsonb            not null,
  decided_at     timestamptz      not null
);
create index decision_latest on decision (profile_id, channel, decided_at desc);
create index decision_by_time on decision using brin (decided_at);

-- What became of it, once: taken or not.
create table decision_outcome (
  decision_id uuid primary key references decision on delete cascade,
  taken       boolean     not null,
  value       bigint      not null default 0,
  source      text        not null,
  at          timestamptz not null
);

-- Outcomes counted from coarse to fine.
create table bandit_cell (
  key   text primary key,
  shown bigint not null,
  taken bigint not null
);
