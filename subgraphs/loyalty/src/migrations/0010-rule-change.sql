-- Who put which version of a rule live, paused or retired it, and why. Append only.
create table earning_rule_change (
  id uuid primary key,
  rule_id uuid not null references earning_rule,
  from_status text not null,
  to_status text not null,
  reason text,
  changed_by text not null,
  changed_at timestamptz not null
);
create index earning_rule_change_rule on earning_rule_change (rule_id, changed_at);
