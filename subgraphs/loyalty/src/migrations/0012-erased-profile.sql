-- Whom we erased, by nothing but pseudonymous ids: what is heard of them later must not bring them back.
create table erased_profile (
  profile_id uuid primary key,
  erased_at timestamptz not null
);
insert into erased_profile
select profile_id, min(occurred_at) from transfer where key like 'erase:%' and profile_id is not null group by 1;
