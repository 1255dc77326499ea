create table product (
  id uuid primary key,
  sku text not null unique,
  -- Variants of one model (sizes, colours) share it.
  model text,
  name text not null,
  description text,
  brand text,
  category text,
  amount bigint not null check (amount >= 0),
  currency char(3) not null,
  attributes jsonb not null default '{}',
  media jsonb not null default '[]',
  active boolean not null default true,
  changed_at timestamptz not null,
  body_hash text not null,
  search text not null generated always as (
    fold(name || ' ' || coalesce(brand, '') || ' ' || coalesce(category, '') || ' ' || sku)) stored
);
create index product_search on product using gin (search gin_trgm_ops);
create index product_model on product (model) where model is not null;
create index product_category on product (category) where active;
create index product_attributes on product using gin (attributes jsonb_path_ops);

-- A price for a channel, a place, both, for a time; the most specific live one wins over product.amount.
create table price (
  product_id uuid not null references product on delete cascade,
  channel text,
  place_id uuid references place on delete cascade,
  amount bigint not null check (amount >= 0),
  valid_from timestamptz not null default '-infinity',
  valid_to timestamptz not null default 'infinity',
  check (valid_from < valid_to),
  unique nulls not distinct (product_id, channel, place_id, valid_from)
);
