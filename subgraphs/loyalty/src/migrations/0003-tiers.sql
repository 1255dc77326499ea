-- Tiers: qualifying points apart from the ones that can be spent, and where every customer stands.

create table tier (
  code text primary key check (code ~ '^[a-z][a-z0-9-]{1,29}$'),
  programme_id uuid not null references programme,
  name text not null,
  rank int not null,
  -- Qualifying points needed within the window.
  threshold bigint not null check (threshold >= 0),
  benefits text[] not null default '{}',
  unique (programme_id, rank),
  unique (programme_id, threshold)
);

create table tier_policy (
  programme_id uuid primary key references programme,
  -- rolling: the last `window_days`; calendar: since New Year; anniversary: since the last anniversary of joining.
  window_kind text not null check (window_kind in ('rolling', 'calendar', 'anniversary')),
  window_days int not null default 365 check (window_days between 1 and 1100),
  -- A tier that is no longer earned is kept for so long …
  grace_days int not null default 30 check (grace_days >= 0),
  -- … and then drops to the earned one, or by one step at a time.
  downgrade text not null check (downgrade in ('to-earned', 'one-step')),
  time_zone text not null default 'Europe/Madrid'
);

-- Every addition to or subtraction from what counts towards a tier, against the profile under which it happened.
create table qualification (
  source text primary key,
  profile_id uuid not null,
  points bigint not null check (points <> 0),
  occurred_at timestamptz not null
);
create index qualification_of_profile on qualification (profile_id, occurred_at);

-- A projection: what was last announced of each customer. It can be reckoned anew from the qualifications at any time.
create table tier_standing (
  customer_id uuid primary key,
  tier text not null references tier,
  since timestamptz not null,
  -- The next instant at which time alone may change it.
  review_at timestamptz
);
create index tier_standing_to_review on tier_standing (review_at) where review_at is not null;

insert into tier (code, programme_id, name, rank, threshold, benefits) values
  ('member', '01900000-0000-7000-8000-000000000001', 'Member', 0, 0, '{}'),
  ('silver', '01900000-0000-7000-8000-000000000001', 'Silver', 1, 500, '{"A quarter more points","Free delivery"}'),
  ('gold', '01900000-0000-7000-8000-000000000001', 'Gold', 2, 1500, '{"Half as many points again","Free delivery","Early access to sales"}'),
  ('platinum', '01900000-0000-7000-8000-000000000001', 'Platinum', 3, 5000, '{"Double points","Free delivery","Early access to sales","Private visits"}');
insert into tier_policy (programme_id, window_kind, window_days, grace_days, downgrade)
values ('01900000-0000-7000-8000-000000000001', 'rolling', 365, 30, 'one-step');
