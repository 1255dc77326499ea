-- A programme and its point currencies, the ledger, and what orders earned.

create table programme (
  id uuid primary key,
  code text not null unique,
  name text not null
);

create table point_currency (
  code text primary key check (code ~ '^[a-z][a-z0-9-]{1,29}$'),
  programme_id uuid not null references programme,
  name text not null,
  -- What one point is worth when it pays for goods, in minor units; null where it can't.
  value_minor numeric check (value_minor > 0),
  money_currency char(3),
  -- Points live this long after they are earned; null for ever.
  lives_days int check (lives_days > 0),
  -- Points that come back after their lot expired live this long.
  grace_days int not null default 30 check (grace_days > 0),
  claw_back text not null default 'within-balance' check (claw_back in ('pending-only', 'within-balance', 'allow-negative'))
);

-- Balances of customers and stores, kept by the statement that writes the transfers. The row of `customer.available` is the lock of a
-- profile: whoever changes her lots holds it. Accounts of the programme have no row: every transfer would wait for it; they are folded per day.
create table account (
  owner_id uuid not null,
  currency text not null references point_currency,
  kind text not null check (kind in (
    'customer.available', 'customer.pending', 'customer.held', 'customer.owed', 'store.budget', 'store.reserved')),
  balance bigint not null default 0,
  primary key (owner_id, currency, kind),
  -- The last line of defence: a rule that errs ends in an error, not in points from nowhere.
  constraint never_below_zero check (case when kind = 'customer.owed' then balance <= 0 else balance >= 0 end)
) with (fillfactor = 80); -- balances change in place: room for HOT updates

create table transfer (
  id uuid primary key,
  -- The idempotency key of the command, and the number of the transfer within it.
  key text not null check (length(key) between 1 and 260),
  part smallint not null default 0,
  -- Null where only stores and the programme are concerned.
  profile_id uuid,
  -- Owner of the store accounts it touches.
  budget_id uuid,
  currency text not null references point_currency,
  code text not null,
  debit text not null,
  credit text not null check (credit <> debit),
  amount bigint not null check (amount > 0),
  -- When it took effect, and when we learnt of it.
  occurred_at timestamptz not null,
  recorded_at timestamptz not null,
  order_id uuid,
  rule_id uuid,
  hold_id uuid,
  reward_id uuid,
  store_id uuid,
  channel text,
  reason text check (length(reason) <= 200),
  -- Lets a reader that comes later know what was committed since it came last; see programme/fold.
  xid xid8 not null default pg_current_xact_id(),
  unique (key, part)
);
create index transfer_of_profile on transfer (profile_id, occurred_at desc, id desc);
create index transfer_of_hold on transfer (hold_id) where hold_id is not null;
create index transfer_of_order on transfer (order_id) where order_id is not null;
create index transfer_by_commit on transfer (xid);

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'the ledger is append only: % of % is refused', tg_op, tg_table_name using errcode = 'restrict_violation';
end $$;

-- An erasure may blank the reason, which is the only free text; nothing else, ever.
create trigger transfer_is_append_only before delete or update of
  id, key, part, profile_id, budget_id, currency, code, debit, credit, amount, occurred_at, recorded_at, order_id, rule_id, hold_id,
  reward_id, store_id, channel, xid
  on transfer for each row execute function refuse_change();

create table lot (
  id uuid primary key,
  transfer_id uuid not null references transfer,
  profile_id uuid not null,
  currency text not null,
  amount bigint not null check (amount > 0),
  remaining bigint not null check (remaining between 0 and amount),
  pending boolean not null,
  unlock_at timestamptz,
  expires_at timestamptz,
  order_id uuid
);
create index lot_of_profile on lot (profile_id, currency) where remaining > 0;
create index lot_to_unlock on lot (unlock_at) where pending and remaining > 0;
create index lot_of_order on lot (order_id) where order_id is not null;
create index lot_to_expire on lot (expires_at) where remaining > 0 and expires_at is not null;

create table lot_use (
  transfer_id uuid not null references transfer,
  lot_id uuid not null references lot,
  -- Taken out of the lot; negative where it was put back.
  amount bigint not null check (amount <> 0),
  primary key (transfer_id, lot_id)
);
create trigger lot_use_is_append_only before update or delete on lot_use for each row execute function refuse_change();

create table points_hold (
  id uuid primary key,
  -- The profile that asked; the points may come from any profile of the customer.
  profile_id uuid not null,
  currency text not null references point_currency,
  amount bigint not null check (amount > 0),
  captured bigint not null default 0 check (captured between 0 and amount),
  state text not null default 'open' check (state in ('open', 'captured', 'voided', 'expired')),
  order_id uuid,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  closed_at timestamptz
);
create index points_hold_open on points_hold (expires_at) where state = 'open';
create index points_hold_of_profile on points_hold (profile_id) where state = 'open';

-- What every line of an order earned and was paid with in points, when it was sold: returns are reckoned from this and nothing else.
create table order_points (
  order_id uuid not null,
  currency text not null references point_currency,
  profile_id uuid not null,
  occurred_at timestamptz not null,
  hold_id uuid,
  -- [{ lineId, sku, quantity, earned, burned, qualifying }]
  lines jsonb not null,
  primary key (order_id, currency)
);
create index order_points_of_profile on order_points (profile_id);

create table order_return (
  return_id uuid not null,
  currency text not null references point_currency,
  -- Null for a return without a receipt.
  order_id uuid,
  profile_id uuid not null,
  occurred_at timestamptz not null,
  -- [{ lineId, quantity, earned, burned, qualifying }]: what went back of each line.
  lines jsonb not null,
  -- Of what was earned: expired unspent, so not to be taken back; and not to be had.
  lapsed bigint not null default 0,
  short bigint not null default 0,
  primary key (return_id, currency)
);
create index order_return_of_order on order_return (order_id);

create table account_freeze (
  profile_id uuid primary key,
  reason text not null check (length(reason) between 1 and 200),
  frozen_by text not null,
  frozen_at timestamptz not null
);

insert into programme (id, code, name) values ('01900000-0000-7000-8000-000000000001', 'trenza', 'Club Trenza');
insert into point_currency (code, programme_id, name, value_minor, money_currency, lives_days)
values ('points', '01900000-0000-7000-8000-000000000001', 'Points', 1, 'EUR', 365);
