-- Stores run programmes of their own, within what is set centrally, and out of budgets that are part of the ledger:
-- programme.issued → store.budget (allocated) → store.reserved (promised by an approved programme) → customers; what is not used goes back.

create table guard_rails (
  programme_id uuid primary key references programme,
  triggers text[] not null,
  reward_kinds text[] not null,
  -- The most that one occasion may earn by a fixed rule, the most per 100 minor units, and the most that one reward may cost.
  max_fixed bigint not null check (max_fixed > 0),
  max_per_amount numeric not null check (max_per_amount > 0),
  max_reward_points bigint not null check (max_reward_points > 0),
  max_days int not null check (max_days between 1 and 366),
  max_budget bigint not null check (max_budget > 0),
  -- Days on which nothing local runs: [{ from, to, why }], both included.
  closed jsonb not null default '[]',
  -- Words that the brand does not use.
  banned_words text[] not null default '{}'
);
insert into guard_rails (programme_id, triggers, reward_kinds, max_fixed, max_per_amount, max_reward_points, max_days, max_budget, banned_words)
values ('01900000-0000-7000-8000-000000000001', '{order,store_visit,event_attended,answer,review}', '{discount,voucher,product,experience}',
        500, 5, 5000, 62, 100000, '{guaranteed,cheapest}');

create table local_programme (
  id uuid primary key,
  store_id uuid not null,
  name text not null check (length(name) between 1 and 200),
  rule_id uuid references earning_rule,
  reward_id uuid references reward,
  budget bigint not null check (budget > 0),
  spent bigint not null default 0,
  status text not null default 'proposed' check (status in ('proposed', 'live', 'rejected', 'ended')),
  starts_at timestamptz not null,
  ends_at timestamptz not null check (ends_at > starts_at),
  proposed_by text not null,
  proposed_at timestamptz not null,
  decided_by text,
  decided_at timestamptz,
  decision_reason text,
  ended_at timestamptz,
  check ((rule_id is null) <> (reward_id is null)),
  constraint budget_never_overspent check (spent between 0 and budget)
);
create index local_programme_of_store on local_programme (store_id, proposed_at desc);
create index local_programme_to_end on local_programme (ends_at) where status = 'live';

alter table earning_rule add local_programme_id uuid;
