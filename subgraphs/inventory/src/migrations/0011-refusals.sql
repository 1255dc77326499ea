-- Fails a statement from within, with an error of ours: what is sent together with the commit can't be asked for a verdict before it.
create function refuse(code text, reason text) returns boolean language plpgsql as $$
begin
  raise exception using errcode = code, message = reason;
end $$;
