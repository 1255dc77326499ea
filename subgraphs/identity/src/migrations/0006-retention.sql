-- How long what is kept, in days. A kind without a row is kept for ever.
create table retention_rule (
  kind text primary key check (kind in ('anonymous-touchpoints', 'anonymous-source-records', 'audit')),
  days integer not null check (days > 0),
  set_by text not null,
  set_at timestamptz not null
);
-- Thirteen months compare a season with the one before; an audit log has to outlive the claims it is kept for.
insert into retention_rule (kind, days, set_by, set_at) values
  ('anonymous-touchpoints', 395, 'trenza', now()),
  ('anonymous-source-records', 395, 'trenza', now()),
  ('audit', 1095, 'trenza', now());

-- They are inserted in the order of these times, which is what such an index lives on.
create index source_record_recorded on source_record using brin (recorded_at);
create index audit_time on audit using brin (at);
