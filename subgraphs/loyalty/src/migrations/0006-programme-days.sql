-- What the programme issued, redeemed and lost to expiry, by day, store and channel: folded from the transfers after they are committed,
-- so that no transfer waits for a row that all of them would change.

create table programme_day (
  day date not null,
  currency text not null references point_currency,
  -- All zeros and '' where the transfers name none.
  store_id uuid not null,
  channel text not null,
  issued bigint not null default 0,
  redeemed bigint not null default 0,
  given_back bigint not null default 0,
  expired bigint not null default 0,
  reversed bigint not null default 0,
  primary key (day, currency, store_id, channel)
);

-- Every transaction below this one has been folded.
create table programme_fold (
  one boolean primary key default true check (one),
  next_xid xid8 not null
);
insert into programme_fold (next_xid) values ('0');

-- Transfers arrive nearly in the order of their time: a few pages tell where a period lies.
create index transfer_by_time on transfer using brin (occurred_at);
