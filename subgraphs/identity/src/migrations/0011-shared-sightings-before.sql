-- Who was seen with a shared identifier before `shared_sighting` was kept: the source records of that time still say so, except of those
-- who were known already and of whom nothing new was said; they are linked when they are seen again. A repeat adds nothing.
insert into shared_sighting (type, value, profile_id, seen_at)
select i.type, i.value, r.profile_id, min(r.occurred_at)
  from source_record r
 cross join lateral jsonb_to_recordset(r.identifiers) as x (type text, value text)
  join identifier i on i.type = x.type and i.value = x.value and i.shared
 where r.profile_id <> i.profile_id
 group by i.type, i.value, r.profile_id
    on conflict do nothing;
