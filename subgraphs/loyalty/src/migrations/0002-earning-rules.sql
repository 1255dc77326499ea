-- Earning rules as data, versioned; every occasion on which something could be earned, and what became of it.

create table earning_rule (
  id uuid primary key,
  -- Stays the same over all versions of a rule.
  code text not null check (code ~ '^[a-z][a-z0-9-]{1,59}$'),
  version int not null default 1 check (version > 0),
  programme_id uuid not null references programme,
  name text not null check (length(name) between 1 and 200),
  status text not null default 'draft' check (status in ('draft', 'live', 'paused', 'retired')),
  -- order, answer, review, visit, share, event, profile-completed, birthday, referral …
  trigger text not null check (length(trigger) between 1 and 60),
  -- CEL over what happened; empty for always.
  condition text not null default '' check (length(condition) <= 1000),
  effect text not null check (effect in ('per-amount', 'fixed', 'multiplier')),
  -- per-amount: points per 100 minor units; fixed: points; multiplier: by how much the per-amount points of the order grow.
  value numeric not null check (value > 0),
  currency text not null references point_currency,
  -- Higher first. Of exclusive rules only the first that applies counts; the others add up.
  priority int not null default 0,
  exclusive boolean not null default false,
  starts_at timestamptz,
  ends_at timestamptz,
  store_ids uuid[] not null default '{}',
  channels text[] not null default '{}',
  tiers text[] not null default '{}',
  pending_days int not null default 0 check (pending_days between 0 and 365),
  -- Overrides the life that the currency gives.
  lives_days int check (lives_days > 0),
  -- A cap of points per customer and period, and of points altogether.
  cap_per_customer bigint check (cap_per_customer > 0),
  cap_period text check (cap_period in ('day', 'week', 'month', 'year', 'ever')),
  cap_total bigint check (cap_total > 0),
  -- Counts towards the tier.
  qualifies boolean not null default true,
  -- The store whose budget bears it; null for the programme.
  budget_store_id uuid,
  created_by text not null default 'trenza',
  created_at timestamptz not null default now(),
  unique (code, version),
  check ((cap_per_customer is null) = (cap_period is null)),
  check (effect <> 'multiplier' or cap_per_customer is null and cap_total is null)
);
create unique index one_live_version on earning_rule (code) where status = 'live';

-- What a rule has given: per customer profile and period, and altogether (profile_id = all zeros, period = 'ever').
create table rule_usage (
  rule_code text not null,
  profile_id uuid not null,
  period text not null,
  points bigint not null check (points >= 0),
  primary key (rule_code, profile_id, period)
);

-- Something that could earn: kept with its facts, so that a draft rule can be tried on what really happened.
create table occasion (
  -- 'order:<id>', 'answer:<id>', 'event:<id>' …: earns once.
  source text primary key,
  trigger text not null,
  profile_id uuid not null,
  occurred_at timestamptz not null,
  recorded_at timestamptz not null,
  facts jsonb not null,
  -- [{ ruleId, points, reason }]: why each rule gave what it gave, or nothing.
  outcomes jsonb not null
);
create index occasion_of_profile on occasion (profile_id, occurred_at desc);
create index occasion_by_trigger on occasion (trigger, occurred_at, source);

insert into earning_rule (id, code, programme_id, name, status, trigger, condition, effect, value, currency, priority, cap_per_customer, cap_period, qualifies, tiers)
select ('01900000-0000-7000-8000-0000000001' || lpad(n::text, 2, '0'))::uuid, code, '01900000-0000-7000-8000-000000000001', name, 'live', trigger, condition,
       effect, value, 'points', priority, cap, period, effect = 'per-amount', tiers
from (values
  (1, 'purchase', 'One point per euro', 'order', '', 'per-amount', 1, 0, null::bigint, null, '{}'::text[]),
  (2, 'silver-bonus', 'Silver earns a quarter more', 'order', '', 'multiplier', 0.25, 10, null, null, '{silver}'),
  (3, 'gold-bonus', 'Gold earns half as much again', 'order', '', 'multiplier', 0.5, 10, null, null, '{gold}'),
  (4, 'platinum-bonus', 'Platinum earns double', 'order', '', 'multiplier', 1, 10, null, null, '{platinum}'),
  (5, 'survey-answered', 'Thank you for a complete answer', 'answer', 'facts.complete', 'fixed', 50, 0, 200, 'month', '{}'),
  (6, 'review-approved', 'Thank you for a review', 'review', 'facts.approved', 'fixed', 30, 0, 150, 'month', '{}'),
  (7, 'shared', 'Thank you for sharing', 'share', '', 'fixed', 5, 0, 20, 'week', '{}'),
  (8, 'forum-answer', 'Thank you for helping others', 'forum_answer', '', 'fixed', 10, 0, 50, 'week', '{}'),
  (9, 'store-visit', 'Nice to see you', 'store_visit', '', 'fixed', 5, 0, 5, 'day', '{}'),
  (10, 'event-attended', 'Thank you for coming', 'event_attended', '', 'fixed', 100, 0, 300, 'month', '{}'),
  (11, 'profile-completed', 'Thank you for telling us about you', 'profile-completed', 'facts.completeness >= 0.8', 'fixed', 100, 0, 100, 'ever', '{}'),
  (12, 'birthday', 'Happy birthday', 'birthday', '', 'fixed', 100, 0, 100, 'year', '{}'),
  (13, 'referral', 'Thank you for bringing a friend', 'referral', '', 'fixed', 200, 0, 1000, 'year', '{}')
) as rules (n, code, name, trigger, condition, effect, value, priority, cap, period, tiers);
