-- Contacts and conversions in the order in which they happened, anonymous ones included; paths are put together when asked.

-- One row per profile, channel and half hour: a visit of forty pages is one contact.
create table touchpoint (
  profile_id uuid        not null,
  channel    text        not null,
  half_hour  timestamptz not null,
  at         timestamptz not null,
  kind       text        not null,
  primary key (profile_id, half_hour, channel)
);
create index touchpoint_at on touchpoint (at);

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
