-- Associates earn for what they do for the customer relation. They have purses in a currency of their own, in the same ledger.

insert into point_currency (code, programme_id, name, lives_days, grace_days)
values ('staff', '01900000-0000-7000-8000-000000000001', 'Staff points', null, 30);

create table associate (
  id uuid primary key,
  -- As events name them.
  code text not null unique check (length(code) between 1 and 100),
  -- Where she was seen last.
  store_id uuid
);
create index associate_of_store on associate (store_id);

create table staff_rule (
  kind text primary key check (kind in ('feedback-collected', 'data-captured', 'task-done', 'customer-recognised')),
  points bigint not null check (points > 0),
  -- Per associate and day.
  cap_per_day bigint not null check (cap_per_day > 0),
  -- The same customer counts once in so many days: she can't be asked again and again for the points.
  same_customer_days int not null check (same_customer_days between 0 and 365),
  -- Pending for so long: what turns out to be made up can be taken back before it is paid out.
  pending_days int not null check (pending_days between 0 and 90),
  active boolean not null default true
);
insert into staff_rule (kind, points, cap_per_day, same_customer_days, pending_days) values
  ('feedback-collected', 10, 200, 30, 7),
  ('data-captured', 10, 200, 365, 7),
  ('task-done', 15, 300, 0, 7),
  ('customer-recognised', 1, 100, 1, 7);

create table staff_award (
  source text primary key,
  kind text not null,
  associate_id uuid not null references associate,
  store_id uuid,
  profile_id uuid,
  points bigint not null check (points >= 0),
  reason text not null,
  occurred_at timestamptz not null
);
create index staff_award_of_associate on staff_award (associate_id, occurred_at desc);
create index staff_award_recent on staff_award (occurred_at);
