-- Whether somebody was erased, asked by whoever is about to write of her. Writers share a lock that an erasure takes for itself: it waits for
-- those who have written already and finds what they wrote; who comes while it is under way waits here and then sees it, because each
-- statement of a function has a snapshot of its own. Every subgraph keeps its table `erased_profile`.
create function is_erased(asked uuid) returns boolean language plpgsql as $$
begin
  perform pg_advisory_xact_lock_shared(hashtextextended('erasure', 0));
  return exists (select from erased_profile where profile_id = asked);
end $$;
