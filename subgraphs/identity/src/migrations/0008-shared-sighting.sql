-- Who was seen with an identifier while it was shared, and hence was not linked by it. If it turns out that one person uses it,
-- these are the sightings to replay. It goes with the identifier.
create table shared_sighting (
  type text not null,
  value text not null,
  profile_id uuid not null references profile (id),
  seen_at timestamptz not null,
  primary key (type, value, profile_id),
  foreign key (type, value) references identifier (type, value) on delete cascade
);
create index shared_sighting_profile on shared_sighting (profile_id);
