-- What takes something off the price, besides loyalty's vouchers.
create table promotion (
  id uuid primary key,
  name text not null check (length(name) between 1 and 200),
  description text,
  -- Benefit, scope, conditions and how it combines (promotions/promotion.ts). Fixed once it was released: what was promised stays as it was.
  rule jsonb not null,
  priority int not null default 0,
  -- Orders in all and per customer. Given or not is fixed with the release, because only then are uses counted.
  total_limit int check (total_limit > 0),
  customer_limit int check (customer_limit > 0),
  valid_from timestamptz not null,
  valid_to timestamptz check (valid_to > valid_from),
  -- "scheduled", "active" and "ended by the calendar" are read off the clock.
  state text not null check (state in ('draft', 'released', 'paused', 'ended')),
  released_at timestamptz,
  created_at timestamptz not null,
  changed_at timestamptz not null
);
create index promotion_released on promotion (valid_from) where state = 'released';
create index promotion_created on promotion (created_at desc, id desc);

-- Append only: who did what to a promotion, when and why, and how it stood afterwards.
create table promotion_change (
  id uuid primary key,
  promotion_id uuid not null references promotion,
  action text not null check (action in ('create', 'change', 'release', 'pause', 'resume', 'end')),
  actor text not null,
  reason text,
  state jsonb not null,
  changed_at timestamptz not null
);
create index promotion_change_promotion on promotion_change (promotion_id, changed_at);

-- One row per order that a promotion applied to; gone when the order is cancelled.
create table promotion_use (
  promotion_id uuid not null,
  order_id uuid not null,
  profile_id uuid,
  amount bigint not null check (amount > 0),
  primary key (promotion_id, order_id)
);
create index promotion_use_order on promotion_use (order_id);
create index promotion_use_profile on promotion_use (profile_id) where profile_id is not null;

-- The counter of a promotion with a limit in all: the row that buyers of the last one wait for.
create table promotion_tally (
  promotion_id uuid primary key references promotion,
  used int not null default 0 check (used >= 0)
) with (fillfactor = 50);

-- What was taken off each line of an order, as it was sold: by which promotion or voucher, and how much.
create table order_discount (
  order_id uuid not null,
  line_no int not null,
  place int not null,
  promotion_id uuid,
  voucher_code text,
  name text not null,
  amount bigint not null check (amount > 0),
  primary key (order_id, line_no, place),
  check ((promotion_id is null) <> (voucher_code is null))
);
create index order_discount_promotion on order_discount (promotion_id) where promotion_id is not null;
