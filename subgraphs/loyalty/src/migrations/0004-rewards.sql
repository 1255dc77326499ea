-- Rewards: what points are exchanged for, how much of it there is, who got it, and the codes that prove it.

create table reward (
  id uuid primary key,
  programme_id uuid not null references programme,
  name text not null check (length(name) between 1 and 200),
  description text not null default '' check (length(description) <= 2000),
  kind text not null check (kind in ('discount', 'voucher', 'product', 'experience')),
  status text not null default 'draft' check (status in ('draft', 'live', 'paused', 'retired')),
  currency text not null references point_currency,
  -- Zero for what is given, not exchanged.
  points bigint not null check (points >= 0),
  -- What a code takes off: a percentage, or an amount in minor units.
  discount_percent numeric check (discount_percent > 0 and discount_percent <= 100),
  discount_amount bigint check (discount_amount > 0),
  money_currency char(3),
  product_id uuid,
  -- What one costs the retailer, in minor units.
  cost_minor bigint not null default 0 check (cost_minor >= 0),
  starts_at timestamptz,
  ends_at timestamptz,
  store_ids uuid[] not null default '{}',
  tiers text[] not null default '{}',
  -- How many are left; null without end. The constraint is the last line of defence against overselling.
  stock_left bigint check (stock_left >= 0),
  per_customer int check (per_customer > 0),
  -- One code for all who know it ("SPRING10"), as it is shown; else every one gets her own.
  shared_code text unique check (length(shared_code) between 4 and 40),
  -- How often one code can be used; null for ever.
  max_uses int default 1 check (max_uses > 0),
  -- A voucher lives so many days after it was issued.
  valid_days int not null default 90 check (valid_days between 1 and 1100),
  -- The local programme that bears it; null for the programme itself.
  local_programme_id uuid,
  created_by text not null,
  created_at timestamptz not null,
  check (discount_percent is null or discount_amount is null),
  check ((discount_amount is null) or money_currency is not null)
);
create index reward_live on reward (status);

-- A place in time for an experience: a private visit, a tasting.
create table reward_slot (
  id uuid primary key,
  reward_id uuid not null references reward,
  store_id uuid not null,
  starts_at timestamptz not null,
  ends_at timestamptz not null check (ends_at > starts_at),
  capacity int not null check (capacity > 0),
  taken int not null default 0,
  constraint slot_never_overbooked check (taken between 0 and capacity)
);
create index reward_slot_of_reward on reward_slot (reward_id, starts_at);

create table reward_issue (
  id uuid primary key,
  reward_id uuid not null references reward,
  profile_id uuid not null,
  -- The redemption that paid for it; null for what was given.
  redemption_id uuid,
  slot_id uuid references reward_slot,
  points bigint not null,
  store_id uuid,
  channel text,
  status text not null default 'issued' check (status in ('issued', 'cancelled')),
  issued_at timestamptz not null,
  cancelled_at timestamptz
);
create index reward_issue_of_profile on reward_issue (profile_id, issued_at desc);
create index reward_issue_of_reward on reward_issue (reward_id, profile_id);

create table voucher (
  id uuid primary key,
  -- Without dashes, in capitals.
  code text not null unique,
  reward_id uuid not null references reward,
  -- Null for a shared code.
  issue_id uuid references reward_issue,
  profile_id uuid,
  status text not null default 'active' check (status in ('active', 'cancelled')),
  max_uses int check (max_uses > 0),
  uses int not null default 0 check (uses >= 0),
  per_customer int check (per_customer > 0),
  valid_from timestamptz not null,
  expires_at timestamptz,
  constraint never_used_too_often check (max_uses is null or uses <= max_uses)
);
create index voucher_of_profile on voucher (profile_id, valid_from desc);

create table voucher_use (
  voucher_id uuid not null references voucher,
  -- The order, or the till's own key: a repeat is the same use.
  use_key text not null,
  profile_id uuid,
  order_id uuid,
  store_id uuid,
  discount bigint,
  used_at timestamptz not null,
  -- It was honoured at a till although it was used up, expired or cancelled by then: somebody should look.
  irregular text,
  primary key (voucher_id, use_key)
);
create index voucher_use_of_order on voucher_use (order_id) where order_id is not null;

insert into reward (id, programme_id, name, description, kind, status, currency, points, discount_amount, discount_percent, money_currency, cost_minor, created_by, created_at)
values
  ('01900000-0000-7000-8000-000000000201', '01900000-0000-7000-8000-000000000001', '5 € off', 'Five euros off your next purchase, in the shop or online.', 'voucher', 'live', 'points', 500, 500, null, 'EUR', 500, 'trenza', now()),
  ('01900000-0000-7000-8000-000000000202', '01900000-0000-7000-8000-000000000001', '10 % off', 'Ten per cent off your next purchase.', 'discount', 'live', 'points', 800, null, 10, null, 0, 'trenza', now()),
  ('01900000-0000-7000-8000-000000000203', '01900000-0000-7000-8000-000000000001', 'A gift at the till', 'Pick it up in any store.', 'product', 'live', 'points', 300, null, null, null, 250, 'trenza', now());
