-- Flows of several steps over several channels, and who is where in them.
create table flow (
  id         uuid primary key,
  name       text        not null unique,
  trigger    text        not null,
  exit_on    text[]      not null,
  steps      jsonb       not null,
  active     boolean     not null,
  created_by text        not null,
  changed_at timestamptz not null
);

create table flow_run (
  id         uuid primary key,
  flow_id    uuid        not null references flow,
  profile_id uuid        not null,
  -- What began it; the same cause begins a flow once, however often it is told.
  cause      text        not null,
  -- As they were when she entered: changing a flow does not move those who are in it.
  steps      jsonb       not null,
  step       int         not null default 0,
  state      text        not null check (state in ('running', 'done', 'exited')),
  reason     text        not null,
  due_at     timestamptz not null,
  entered_at timestamptz not null,
  ended_at   timestamptz,
  unique (flow_id, cause)
);
create index flow_run_due on flow_run (due_at) where state = 'running';
create index flow_run_profile on flow_run (profile_id, entered_at desc);
