-- What other subgraphs told that decisions need. Each row keeps the instant of the newest word, so that the order of arrival does not matter.

create table product (
  product_id   uuid primary key,
  sku          text,
  -- Null until its owner named it: an order may arrive before its product.
  name         text,
  category     text,
  price_amount bigint,
  currency     text,
  active       boolean     not null default true,
  -- Units sold in the history we saw: what sells well in a category.
  sold         bigint      not null default 0,
  changed_at   timestamptz not null default '-infinity'
);
create index product_best_of_category on product (category, sold desc) where active and name is not null;

create table product_stock (
  product_id uuid        not null,
  place_id   uuid        not null,
  available  int         not null,
  changed_at timestamptz not null,
  primary key (product_id, place_id)
);

create table store (
  store_id   uuid primary key,
  code       text        not null,
  name       text        not null,
  kind       text        not null,
  time_zone  text        not null,
  city       text,
  changed_at timestamptz not null
);

-- How she can be reached, field by field: a change names only the fields that it changes.
create table contact_field (
  profile_id uuid        not null,
  field      text        not null,
  value      jsonb       not null,
  changed_at timestamptz not null,
  primary key (profile_id, field)
);

create table consent (
  profile_id uuid        not null,
  purpose    text        not null,
  -- Empty for an answer that holds for every channel.
  channel    text        not null default '',
  granted    boolean     not null,
  wording    text        not null,
  source     text        not null,
  changed_at timestamptz not null,
  primary key (profile_id, purpose, channel)
);

create table cart (
  cart_id      uuid primary key,
  profile_id   uuid        not null,
  channel      text        not null,
  items        int         not null,
  total_amount bigint      not null,
  currency     text        not null,
  open         boolean     not null,
  changed_at   timestamptz not null
);
create index cart_open on cart (profile_id) where open;

create table purchase (
  profile_id uuid        not null,
  product_id uuid        not null,
  quantity   bigint      not null,
  last_at    timestamptz not null,
  primary key (profile_id, product_id)
);

-- A complaint as feedback tells it; campaign needs to know only whether it is open, and where.
create table complaint (
  case_id    uuid primary key,
  profile_id uuid,
  store_id   uuid,
  severity   text,
  reason     text,
  due_at     timestamptz,
  status     text        not null default 'open',
  changed_at timestamptz not null
);
create index complaint_open on complaint (profile_id) where status in ('open', 'in-progress');

-- One wide row per profile: what segments ask for.
create table profile_facts (
  profile_id     uuid primary key,
  orders         int    not null default 0,
  spend          bigint not null default 0,
  first_order_at timestamptz,
  last_order_at  timestamptz,
  last_store_id  uuid,
  last_seen_at   timestamptz,
  tier           text,
  tier_at        timestamptz,
  attitude       text,
  attitude_at    timestamptz
);
