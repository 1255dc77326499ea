create table task (
  id           uuid primary key,
  -- What it springs from; there is one task per cause, however often the cause is told.
  cause        text        not null unique,
  kind         text        not null,
  profile_id   uuid        not null,
  store_id     uuid,
  assignee     text,
  state        text        not null check (state in ('open', 'claimed', 'done', 'dropped')),
  priority     int         not null default 0,
  reason       text        not null,
  script       text        not null,
  due_at       timestamptz not null,
  case_id      uuid,
  cart_id      uuid,
  outcome      text,
  note         text,
  created_at   timestamptz not null,
  claimed_at   timestamptz,
  completed_by text,
  completed_at timestamptz
);
create index task_of_store on task (store_id, due_at, id) where state in ('open', 'claimed');
create index task_of_profile on task (profile_id, created_at desc);
create index task_of_case on task (case_id) where case_id is not null;
create index task_of_cart on task (cart_id) where cart_id is not null;
