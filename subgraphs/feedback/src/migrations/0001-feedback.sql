-- Surveys: the definition is versioned and immutable, so that an answer can always be read against the questions that were asked.
create table survey (
  id uuid primary key,
  key text not null unique,
  metric text not null check (metric in ('nps', 'csat', 'ces', 'custom')),
  name text not null,
  status text not null default 'active' check (status in ('active', 'archived')),
  -- The moment of the journey after which it is due; null: only by hand or by a campaign.
  trigger text check (trigger in ('order-completed', 'order-returned', 'case-resolved')),
  -- After being asked, or after answering unasked, the customer is left alone with this survey for so many days.
  rest_days int not null check (rest_days between 0 and 3650),
  -- An invitation can be answered for so many days.
  valid_days int not null check (valid_days between 1 and 365),
  -- So long after the moment the question is put: not before she has worn the coat.
  delay_minutes int not null default 0 check (delay_minutes between 0 and 129600),
  version int not null default 1,
  created_at timestamptz not null,
  created_by text not null
);

create table survey_version (
  survey_id uuid not null references survey,
  version int not null,
  definition jsonb not null,
  published_at timestamptz not null,
  published_by text not null,
  primary key (survey_id, version)
);

create table invitation (
  id uuid primary key,
  survey_id uuid not null references survey,
  -- Null once she was erased.
  profile_id uuid,
  -- What it is about: order:…, return:…, case:…, campaign:…. One moment is asked about once.
  moment text not null,
  channel text not null,
  store_id uuid,
  order_id uuid,
  case_id uuid,
  token text not null unique,
  status text not null default 'waiting' check (status in ('waiting', 'asked', 'answered', 'dismissed', 'expired', 'withdrawn')),
  due_at timestamptz not null,
  asked_at timestamptz,
  expires_at timestamptz not null,
  closed_at timestamptz,
  created_at timestamptz not null,
  unique (survey_id, moment)
);
create index invitation_by_profile on invitation (profile_id, survey_id, created_at);
create index invitation_waiting on invitation (due_at) where status = 'waiting';
create index invitation_open on invitation (expires_at) where status = 'asked';
create index invitation_by_time on invitation (asked_at, survey_id) where asked_at is not null;

-- Answers are facts: stored once, against the profile under which they were given. Erasure empties what names or describes a person.
create table answer (
  id uuid primary key,
  survey_id uuid not null references survey,
  survey_version int not null,
  metric text not null,
  invitation_id uuid unique references invitation,
  profile_id uuid,
  channel text not null,
  store_id uuid,
  associate_id text,
  order_id uuid,
  score numeric,
  scale_min numeric not null,
  scale_max numeric not null,
  attitude text check (attitude in ('promoter', 'passive', 'detractor')),
  responses jsonb not null,
  comment text,
  language text,
  sentiment numeric check (sentiment between -1 and 1),
  themes jsonb not null default '[]',
  complete boolean not null,
  imported boolean not null default false,
  source text not null,
  source_id text,
  occurred_at timestamptz not null,
  changed_at timestamptz not null,
  unique (source, source_id)
);
create index answer_by_profile on answer (profile_id, occurred_at desc, id desc) where profile_id is not null;
create index answer_by_metric on answer (metric, occurred_at) where score is not null;
create index answer_by_store on answer (store_id, metric, occurred_at) where store_id is not null and score is not null;

create table review (
  id uuid primary key,
  source text not null,
  source_id text not null,
  kind text not null check (kind in ('review', 'mention')),
  profile_id uuid,
  product_id uuid,
  -- How the source names the product; product_id follows as soon as inventory has told of it.
  product_sku text,
  order_id uuid,
  store_id uuid,
  channel text not null,
  rating numeric check (rating between 1 and 5),
  title text,
  body text,
  language text,
  sentiment numeric check (sentiment between -1 and 1),
  themes jsonb not null default '[]',
  status text not null check (status in ('pending', 'approved', 'rejected')),
  imported boolean not null,
  occurred_at timestamptz not null,
  received_at timestamptz not null,
  unique (source, source_id)
);
create index review_by_product on review (product_id, occurred_at desc, id desc) where product_id is not null and status = 'approved';
create index review_by_profile on review (profile_id, occurred_at desc) where profile_id is not null;
create index review_without_product on review (product_sku) where product_id is null and product_sku is not null;
create index review_by_time on review (source, occurred_at);

create table feedback_case (
  id uuid primary key,
  answer_id uuid unique references answer,
  review_id uuid unique references review,
  profile_id uuid,
  store_id uuid,
  channel text not null,
  order_id uuid,
  reason text not null,
  severity text not null check (severity in ('low', 'medium', 'high')),
  status text not null check (status in ('open', 'in-progress', 'resolved', 'closed')),
  owner text,
  task_id uuid,
  opened_at timestamptz not null,
  due_at timestamptz not null,
  escalations int not null default 0,
  escalate_at timestamptz not null,
  resolved_at timestamptz,
  resolved_by text,
  root_cause text,
  changed_at timestamptz not null
);
create index case_by_profile on feedback_case (profile_id, opened_at desc) where profile_id is not null;
create index case_by_store on feedback_case (store_id, opened_at desc, id desc);
create index case_by_time on feedback_case (opened_at desc, id desc);
create index case_overdue on feedback_case (escalate_at) where status in ('open', 'in-progress');

create table case_note (
  id uuid primary key,
  case_id uuid not null references feedback_case,
  at timestamptz not null,
  author text not null,
  kind text not null check (kind in ('opened', 'note', 'assigned', 'status', 'escalated', 'resolved', 'task')),
  text text
);
create index case_note_by_case on case_note (case_id, at);

create table alert (
  id uuid primary key,
  metric text not null,
  scope text not null check (scope in ('store', 'channel')),
  scope_id text not null,
  value numeric not null,
  baseline numeric not null,
  answers int not null,
  baseline_answers int not null,
  standard_errors numeric not null,
  raised_at timestamptz not null,
  -- Open until the score is back: one drop is told once.
  recovered_at timestamptz,
  acknowledged_by text,
  acknowledged_at timestamptz
);
create unique index alert_open on alert (metric, scope, scope_id) where recovered_at is null;
create index alert_by_time on alert (raised_at desc, id desc);

-- Scopes with answers that the watch has not looked at yet.
create table watch_due (
  metric text not null,
  scope text not null,
  scope_id text not null,
  since timestamptz not null,
  primary key (metric, scope, scope_id)
);

-- The stores' clocks, as inventory tells them: a case is due while the store is open.
create table store (
  id uuid primary key,
  name text not null,
  time_zone text not null,
  changed_at timestamptz not null
);

-- Which product a stock-keeping unit is, as inventory tells it.
create table product (
  sku text primary key,
  id uuid not null
);

-- Who said yes or no to being asked; the latest word per profile and channel ('' = every channel).
create table survey_consent (
  profile_id uuid not null,
  channel text not null,
  granted boolean not null,
  said_at timestamptz not null,
  primary key (profile_id, channel)
);

-- Whose data was erased: what arrives later under these profiles is stored without a name.
create table erased_profile (
  profile_id uuid primary key,
  erased_at timestamptz not null
);
