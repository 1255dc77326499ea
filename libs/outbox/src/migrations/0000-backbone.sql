-- What this subgraph has said and the relay has not carried to the stream yet.
create table outbox (
  id         bigint generated always as identity primary key,
  event_id   uuid        not null unique,
  subject    text        not null,
  payload    text        not null,
  created_at timestamptz not null default now()
);

-- The inbox: an event whose id is here has had its effect.
create table processed_message (
  event_id   uuid primary key,
  handled_at timestamptz not null default now()
);
create index processed_message_handled_at on processed_message using brin (handled_at);

-- What could not be handled, with the reason, until somebody replays or discards it.
create table dead_letter (
  event_id  uuid primary key,
  type      text        not null,
  payload   text        not null,
  error     text        not null,
  attempts  int         not null,
  failed_at timestamptz not null default now(),
  status    text        not null default 'open' check (status in ('open', 'replayed', 'discarded')),
  closed_at timestamptz,
  closed_by text
);
create index dead_letter_open on dead_letter (failed_at desc) where status = 'open';
