-- Whom we erased, by nothing but pseudonymous ids: what is heard of them later must not bring them back.
create table erased_profile (profile_id uuid primary key);
insert into erased_profile
select distinct profile_id from transfer where key like 'erase:%' and profile_id is not null;
