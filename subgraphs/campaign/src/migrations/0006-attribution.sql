-- Contacts and conversions in the order in which they happened, anonymous ones included; paths are put together when asked.
create table touchpoint (
  event_id   uuid primary key,
  profile_id uuid        not null,
  channel    text        not null,
  kind       text        not null,
  at         timestamptz not null
);
create index touchpoint_profile on touchpoint (profile_id, at);

create table conversion (
  order_id   uuid primary key,
  profile_id uuid        not null,
  channel    text        not null,
  value      bigint      not null,
  currency   text        not null,
  at         timestamptz not null
);
create index conversion_at on conversion (at);
create index conversion_profile on conversion (profile_id, at);
