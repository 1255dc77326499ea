-- Stands behind every door at once (events, jobs, the graph): nothing is stored under an erased profile.
create function leave_out_erased() returns trigger language plpgsql as $$
begin
  if is_erased(new.profile_id) then
    return null;
  end if;
  return new;
end $$;

do $$
declare
  hers text;
begin
  foreach hers in array array['contact_field', 'consent', 'suppression', 'profile_facts', 'purchase', 'intent', 'intent_signal', 'intent_spike',
                              'cart', 'decision', 'task', 'contact_attempt', 'campaign_member', 'message', 'touchpoint', 'conversion',
                              'complaint', 'channel_answer', 'flow_run']
  loop
    execute format('create trigger leave_out_erased before insert on %I for each row execute function leave_out_erased()', hers);
  end loop;
end $$;
