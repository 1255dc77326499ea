-- Limits against abuse, what looked like it, and who froze or thawed an account.

-- How often one customer may spend within an hour; null without limit.
alter table point_currency add spendings_per_hour int check (spendings_per_hour > 0);
create index points_hold_recent on points_hold (profile_id, created_at);
create index order_return_recent on order_return (occurred_at);

create table account_freeze_log (
  id bigint generated always as identity primary key,
  profile_id uuid not null,
  frozen boolean not null,
  reason text not null,
  decided_by text not null,
  decided_at timestamptz not null
);
create index account_freeze_log_of_profile on account_freeze_log (profile_id);

create table abuse_flag (
  id uuid primary key,
  kind text not null check (kind in ('split-purchases', 'return-churn', 'many-engagements', 'many-redemptions', 'staff-anomaly')),
  profile_id uuid not null,
  -- One flag of a kind per profile and day: a person looks once.
  day date not null,
  evidence jsonb not null,
  status text not null default 'open' check (status in ('open', 'confirmed', 'dismissed')),
  raised_at timestamptz not null,
  decided_by text,
  decided_at timestamptz,
  unique (kind, profile_id, day)
);
create index abuse_flag_open on abuse_flag (raised_at desc, id) where status = 'open';
