-- Profiles of which something new is known that matching looks at; a job takes them from here.
create table match_pending (
  profile_id uuid primary key,
  since timestamptz not null default now()
);
create index match_pending_since on match_pending (since);

-- Profiles that share a key are compared. A key is a combination of what little changes: sound of the name and birth date, and so on.
create table match_key (
  key text not null,
  profile_id uuid not null,
  primary key (key, profile_id)
);
create index match_key_profile on match_key (profile_id);

-- What was learnt of how much each agreement is worth. The newest counts.
create table match_model (
  id uuid primary key,
  trained_at timestamptz not null,
  records integer not null,
  model jsonb not null
);

create table match_training (
  id uuid primary key,
  requested_by text not null,
  requested_at timestamptz not null,
  finished_at timestamptz,
  error text
);

-- Two profiles that may be one person, with the evidence; `open` ones wait for somebody to decide.
create table match_candidate (
  id uuid primary key,
  a uuid not null references profile (id),
  b uuid not null references profile (id),
  weight real not null,
  probability double precision not null,
  evidence jsonb not null,
  status text not null check (status in ('open', 'merged', 'accepted', 'rejected')),
  created_at timestamptz not null,
  decided_at timestamptz,
  decided_by text,
  reason text,
  unique (a, b),
  check (a < b)
);
create index match_candidate_open on match_candidate (probability desc, id) where status = 'open';
