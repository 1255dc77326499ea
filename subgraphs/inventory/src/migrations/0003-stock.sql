-- One row per product and place. The counters are sums of rows elsewhere (movements, reservations, transfers) kept in the same
-- transaction; `stockIntegrity` compares them. The checks make overselling impossible whatever the code above does.
create table stock (
  product_id uuid not null references product,
  place_id uuid not null references place,
  on_hand int not null default 0 check (on_hand >= 0),
  allocated int not null default 0 check (allocated >= 0),
  held int not null default 0 check (held >= 0),
  in_transit int not null default 0 check (in_transit >= 0),
  safety int not null default 0 check (safety >= 0),
  primary key (product_id, place_id),
  constraint stock_never_oversold check (on_hand - allocated - held >= 0)
) with (fillfactor = 80); -- counters change in place: room for heap-only updates
create index stock_place on stock (place_id);

-- Append only; the sum of `quantity` per product and place is stock.on_hand.
create table stock_movement (
  id uuid primary key,
  product_id uuid not null,
  place_id uuid not null,
  kind text not null check (kind in ('import', 'receipt', 'sale', 'return', 'write-off', 'count', 'adjustment', 'transfer-out', 'transfer-in')),
  -- Zero says "counted, and it was right".
  quantity int not null check (quantity <> 0 or kind in ('import', 'count')),
  reason text,
  reference uuid,
  -- The import or count it came from: each document speaks once about a product and a place.
  document text,
  actor text,
  occurred_at timestamptz not null,
  recorded_at timestamptz not null default now()
);
create index stock_movement_place on stock_movement (product_id, place_id, occurred_at);
create unique index stock_movement_document on stock_movement (document, product_id, place_id) where document is not null;

-- held (until expires_at) -> allocated (paid) -> consumed (left the place) | released. `group_id` is the order, or the hold of its own.
create table reservation (
  id uuid primary key,
  group_id uuid not null,
  line_no int not null,
  product_id uuid not null,
  place_id uuid not null,
  quantity int not null check (quantity > 0),
  state text not null check (state in ('held', 'allocated', 'consumed', 'released')),
  expires_at timestamptz,
  created_at timestamptz not null,
  check (state <> 'held' or expires_at is not null)
);
create index reservation_group on reservation (group_id);
create index reservation_expiry on reservation (expires_at) where state = 'held';
create index reservation_live on reservation (product_id, place_id) where state in ('held', 'allocated');

-- A hold that is not an order: a kiosk, an associate or another system keeps units for somebody for a while.
create table stock_hold (
  id uuid primary key,
  profile_id uuid,
  channel text not null,
  reason text,
  expires_at timestamptz not null,
  state text not null check (state in ('live', 'released', 'expired', 'used')),
  created_at timestamptz not null
);

create table transfer (
  id uuid primary key,
  from_place_id uuid not null references place,
  to_place_id uuid not null references place,
  state text not null check (state in ('sent', 'received')),
  sent_at timestamptz not null,
  received_at timestamptz,
  actor text,
  check (from_place_id <> to_place_id)
);
create table transfer_line (
  transfer_id uuid not null references transfer,
  product_id uuid not null references product,
  sent int not null check (sent > 0),
  received int check (received >= 0),
  primary key (transfer_id, product_id)
);
