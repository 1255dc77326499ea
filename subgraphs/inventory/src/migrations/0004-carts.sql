-- At most one open cart per profile. The cart of a customer is the union of the open carts of her profiles (see carts/cart.ts):
-- nothing is moved when profiles are linked, so an unmerge gives each her own back.
create table cart (
  id uuid primary key,
  profile_id uuid not null,
  channel text not null,
  currency char(3) not null,
  state text not null check (state in ('open', 'checked-out')),
  order_id uuid,
  begun_at timestamptz not null,
  touched_at timestamptz not null,
  abandoned_at timestamptz
);
create unique index cart_open on cart (profile_id) where state = 'open';
create index cart_idle on cart (touched_at) where state = 'open' and abandoned_at is null;
create index cart_order on cart (order_id) where order_id is not null;

-- quantity 0 says "taken out": it must win over an older line of the same product in another profile's cart.
create table cart_line (
  cart_id uuid not null references cart on delete cascade,
  product_id uuid not null references product,
  quantity int not null check (quantity >= 0),
  channel text not null,
  touched_at timestamptz not null,
  primary key (cart_id, product_id)
);
