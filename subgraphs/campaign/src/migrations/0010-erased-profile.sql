-- Events about somebody may still be on their way from other subgraphs when she has been erased; they must not bring her back.
create table erased_profile (
  profile_id uuid primary key,
  erased_at timestamptz not null
);
