create extension if not exists unaccent;
create extension if not exists pg_trgm;

-- Accents and case folded. `unaccent` itself is only stable (its dictionary could be changed); ours is not, so that it may be indexed.
create function fold(value text) returns text
  language sql immutable parallel safe strict
  return lower(public.unaccent('public.unaccent', value));

-- Great-circle distance in kilometres; at the scale of a city it is exact to the metre.
create function distance_km(lat1 double precision, lon1 double precision, lat2 double precision, lon2 double precision)
  returns double precision language sql immutable parallel safe strict
  return 12742.0176 * asin(least(1, sqrt(
    power(sin(radians(lat2 - lat1) / 2), 2)
    + cos(radians(lat1)) * cos(radians(lat2)) * power(sin(radians(lon2 - lon1) / 2), 2))));

create table place (
  id uuid primary key,
  code text not null unique,
  name text not null,
  kind text not null check (kind in ('store', 'warehouse')),
  latitude double precision not null check (latitude between -90 and 90),
  longitude double precision not null check (longitude between -180 and 180),
  time_zone text not null,
  street text,
  city text,
  region text,
  postal_code text,
  country text,
  phone text,
  services text[] not null default '{}',
  -- { weekly: Span[7] from Monday, exceptions: [{ date, hours: Span[], reason }] }
  opening jsonb not null,
  preparation_minutes int not null default 60 check (preparation_minutes between 0 and 10080),
  same_day_cut_off text,
  shipping_cut_off text,
  same_day_radius_km double precision not null default 15,
  active boolean not null default true,
  changed_at timestamptz not null,
  -- Of what was imported: the same again changes nothing.
  body_hash text not null
);
-- The bounding box of "near me" is cut out by latitude; the rest is arithmetic on a few rows.
create index place_latitude on place (latitude, longitude) where active;
