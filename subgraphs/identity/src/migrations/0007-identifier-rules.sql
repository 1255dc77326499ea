-- How identifiers are weighed, which an admin changes at any time. Every resolution reads it in its own transaction, so that
-- a change holds at once and for every replica.
create table identifier_rule (
  type text primary key,
  -- 1 is the strongest. The strongest known identifier of a sighting says whose sighting it is.
  priority integer not null check (priority between 1 and 99),
  -- How many one customer may have within the window; what goes beyond is recorded and does not link.
  most integer not null check (most between 1 and 1000),
  -- Days in which they are counted; null counts all of them.
  window_days integer check (window_days between 1 and 3650),
  set_by text not null,
  set_at timestamptz not null
);
-- Limits follow what customer data platforms publish as safe defaults: one login ever, one card ever (a replaced card is told
-- by `alias`), five mailboxes or telephones a year. Cookies are generous because private windows make many.
insert into identifier_rule (type, priority, most, window_days, set_by, set_at) values
  ('user',   1,  1, null, 'trenza', now()),
  ('source', 2, 50, null, 'trenza', now()),
  ('till',   3,  5, null, 'trenza', now()),
  ('card',   4,  1, null, 'trenza', now()),
  ('email',  5,  5,  365, 'trenza', now()),
  ('phone',  6,  5,  365, 'trenza', now()),
  ('social', 7, 10, null, 'trenza', now()),
  ('device', 8, 20,   90, 'trenza', now()),
  ('cookie', 9, 20,    7, 'trenza', now());

-- Values that identify nobody, such as the mailbox of the shop that clerks type in.
create table blocked_identifier (
  type text not null,
  value text not null,
  reason text not null,
  set_by text not null,
  set_at timestamptz not null,
  primary key (type, value)
);

-- A change of the settings is about no customer in particular.
alter table audit alter column customer_id drop not null;
create index audit_settings on audit (at) where customer_id is null;
