-- Stands behind every door at once: what arrives under an erased profile is stored without her and her words, or not at all.
create function leave_out_erased() returns trigger language plpgsql as $$
begin
  if not is_erased(new.profile_id) then
    return new;
  end if;
  -- Whom nobody can ask any more has nothing to consent to.
  if tg_table_name in ('invitation', 'survey_consent') then
    return null;
  end if;
  new.profile_id := null;
  if tg_table_name = 'answer' then
    new.comment := null;
    new.responses := '{}';
    new.complete := true;
  elsif tg_table_name = 'review' then
    new.title := null;
    new.body := null;
  end if;
  return new;
end $$;

create trigger leave_out_erased before insert on invitation for each row when (new.profile_id is not null) execute function leave_out_erased();
create trigger leave_out_erased before insert on survey_consent for each row execute function leave_out_erased();
create trigger leave_out_erased before insert on answer for each row when (new.profile_id is not null) execute function leave_out_erased();
create trigger leave_out_erased before insert on review for each row when (new.profile_id is not null) execute function leave_out_erased();
create trigger leave_out_erased before insert on feedback_case for each row when (new.profile_id is not null) execute function leave_out_erased();
