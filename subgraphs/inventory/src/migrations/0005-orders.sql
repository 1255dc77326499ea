create sequence order_number;

create table orders (
  id uuid primary key,
  -- Which system numbered it; (source, number) is what an import recognises it by.
  source text not null,
  number text not null,
  -- Null: nobody knows who bought.
  profile_id uuid,
  channel text not null,
  place_id uuid,
  associate_id text,
  status text not null check (status in ('awaiting-payment', 'paid', 'fulfilled', 'cancelled')),
  currency char(3) not null,
  net_amount bigint not null,
  discount_amount bigint not null default 0,
  shipping_amount bigint not null default 0,
  fulfilment text not null,
  latitude double precision,
  longitude double precision,
  promised_for timestamptz,
  points_hold_id uuid,
  points_amount bigint,
  voucher_codes text[] not null default '{}',
  placed_at timestamptz not null,
  -- Paid: the moment from which it counts as revenue.
  completed_at timestamptz,
  fulfilled_at timestamptz,
  cancelled_at timestamptz,
  cancel_reason text,
  imported boolean not null default false,
  -- Of what was asked for: a repeat of the same number or key with another body is refused.
  body_hash text not null,
  recorded_at timestamptz not null default now(),
  unique (source, number)
);
create index orders_profile on orders (profile_id, placed_at desc) where profile_id is not null;
create index orders_completed on orders (completed_at) where completed_at is not null and status <> 'cancelled';
create unique index orders_points_hold on orders (points_hold_id) where points_hold_id is not null and status <> 'cancelled';

-- No foreign key to orders: both are written by one statement, and the check per row would cost an import a third of its speed.
create table order_line (
  order_id uuid not null,
  line_no int not null,
  id uuid not null,
  product_id uuid,
  sku text not null,
  name text,
  category text,
  quantity int not null check (quantity > 0),
  net_amount bigint not null,
  discount_amount bigint not null default 0,
  returned int not null default 0,
  primary key (order_id, line_no),
  check (returned between 0 and quantity)
);

create table voucher_use (
  voucher_id uuid primary key,
  order_id uuid not null
);
create index voucher_use_order on voucher_use (order_id);

create table payment (
  id uuid primary key,
  order_id uuid not null,
  means text not null check (means in ('card', 'cash', 'points', 'transfer', 'external')),
  state text not null check (state in ('pending', 'authorised', 'captured', 'declined', 'voided')),
  amount bigint not null check (amount >= 0),
  refunded bigint not null default 0,
  currency char(3) not null,
  provider text not null,
  provider_reference text,
  created_at timestamptz not null,
  check (refunded between 0 and amount)
);
create index payment_order on payment (order_id);
create index payment_to_capture on payment (created_at) where state = 'authorised';

-- Money to be given back. The provider is called after the commit, by a job, until it has said yes.
create table refund (
  id uuid primary key,
  payment_id uuid not null,
  return_id uuid,
  amount bigint not null check (amount > 0),
  state text not null check (state in ('pending', 'done')),
  provider_reference text,
  created_at timestamptz not null
);
create index refund_pending on refund (created_at) where state = 'pending';
create index refund_return on refund (return_id) where return_id is not null;

-- What one place does for an order. A split order has several.
create table fulfilment (
  id uuid primary key,
  order_id uuid not null,
  place_id uuid not null,
  kind text not null,
  status text not null check (status in ('waiting', 'ready', 'shipped', 'handed-over', 'cancelled')),
  promised_for timestamptz,
  broken_at timestamptz,
  changed_at timestamptz not null,
  unique (order_id, place_id)
);
create index fulfilment_due on fulfilment (promised_for) where status in ('waiting', 'ready', 'shipped') and broken_at is null;

create table order_return (
  id uuid primary key,
  source text not null,
  number text not null,
  -- Null: without a receipt.
  order_id uuid,
  profile_id uuid,
  channel text not null,
  place_id uuid,
  associate_id text,
  reason text,
  currency char(3) not null,
  -- The value taken back, and how much of it was given back in money (the rest was points).
  value_amount bigint not null,
  refund_amount bigint not null,
  occurred_at timestamptz not null,
  imported boolean not null default false,
  body_hash text not null,
  unique (source, number)
);
create index order_return_order on order_return (order_id) where order_id is not null;
create index order_return_profile on order_return (profile_id) where profile_id is not null;
create index order_return_time on order_return (occurred_at);

create table return_line (
  return_id uuid not null,
  line_no int not null,
  order_line_id uuid,
  product_id uuid,
  sku text not null,
  quantity int not null check (quantity > 0),
  value_amount bigint not null,
  disposition text not null check (disposition in ('restock', 'write-off', 'none')),
  primary key (return_id, line_no)
);
create index orders_unpaid on orders (placed_at) where status = 'awaiting-payment';
