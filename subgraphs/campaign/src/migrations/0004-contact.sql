-- Caps that the retailer set; while there is none, the built-in ones hold. Channel '' means all push channels together.
create table contact_cap (
  channel    text primary key,
  max        int         not null check (max >= 0),
  days       int         not null check (days between 1 and 90),
  changed_by text        not null,
  changed_at timestamptz not null
);

create table template (
  id         uuid primary key,
  name       text        not null unique,
  created_by text        not null,
  changed_at timestamptz not null
);

-- One message, many channels and languages.
create table template_variant (
  template_id uuid not null references template,
  channel     text not null,
  language    text not null,
  subject     text,
  body        text not null,
  primary key (template_id, channel, language)
);

create table segment (
  id         uuid primary key,
  name       text        not null unique,
  rule       jsonb       not null,
  created_by text        not null,
  changed_at timestamptz not null
);

create table campaign (
  id          uuid primary key,
  name        text        not null,
  template_id uuid        not null references template,
  channel     text        not null,
  purpose     text        not null check (purpose in ('marketing', 'transactional', 'service')),
  audience    jsonb       not null,
  -- Higher goes first where a cap leaves room for one only.
  priority    int         not null default 0,
  -- Share of the audience that gets nothing, so that lift can be measured.
  hold_out    double precision not null default 0 check (hold_out between 0 and 0.5),
  status      text        not null check (status in ('draft', 'scheduled', 'launched', 'cancelled')),
  send_at     timestamptz,
  created_by  text        not null,
  created_at  timestamptz not null,
  launched_at timestamptz
);
create index campaign_due on campaign (send_at) where status = 'scheduled';

-- Who was meant by a campaign: the treated and the held out.
create table campaign_member (
  campaign_id uuid        not null references campaign,
  profile_id  uuid        not null,
  held_out    boolean     not null,
  at          timestamptz not null,
  -- When her message was written; null while it waits for that.
  queued_at   timestamptz,
  primary key (campaign_id, profile_id)
);
create index campaign_member_waiting on campaign_member (campaign_id, profile_id) where queued_at is null and not held_out;

create table message (
  id              uuid primary key,
  profile_id      uuid        not null,
  campaign_id     uuid references campaign,
  decision_id     uuid,
  channel         text        not null,
  purpose         text        not null check (purpose in ('marketing', 'transactional', 'service')),
  priority        int         not null default 0,
  template_id     uuid,
  template        text        not null,
  language        text,
  subject         text,
  body            text,
  variables       jsonb       not null default '{}',
  -- queued: waits for not_before. sending: claimed, its fate unknown until told. The rest is final.
  state           text        not null check (state in ('queued', 'sending', 'sent', 'failed', 'denied', 'not-configured', 'unknown', 'cancelled')),
  reason          text        not null,
  not_before      timestamptz not null,
  attempts        int         not null default 0,
  claimed_at      timestamptz,
  sent_at         timestamptz,
  provider_id     text,
  read_at         timestamptz,
  idempotency_key text unique,
  created_at      timestamptz not null
);
create index message_due on message (priority desc, not_before) where state = 'queued';
create index message_claimed on message (claimed_at) where state = 'sending';
create index message_of_profile on message (profile_id, created_at desc, id desc);
create index message_campaign on message (campaign_id) where campaign_id is not null;

create table message_outcome (
  message_id uuid        not null references message on delete cascade,
  outcome    text        not null,
  at         timestamptz not null,
  detail     text,
  primary key (message_id, outcome)
);

-- Every time somebody asked whether she may be contacted: one ledger for campaigns, surveys, calls and staff.
create table contact_attempt (
  id          uuid primary key,
  profile_id  uuid        not null,
  channel     text        not null,
  purpose     text        not null,
  decision    text        not null check (decision in ('allow', 'defer', 'deny')),
  rule        text        not null,
  reason      text        not null,
  not_before  timestamptz,
  actor       text        not null,
  store_id    uuid,
  campaign_id uuid,
  message_id  uuid,
  task_id     uuid,
  -- True where it reached her: these count for the caps.
  reached     boolean     not null default false,
  at          timestamptz not null
);
create index contact_attempt_profile on contact_attempt (profile_id, at desc);
create index contact_attempt_message on contact_attempt (message_id) where message_id is not null;

-- Channels that must not be used any more, and why.
create table suppression (
  profile_id uuid        not null,
  channel    text        not null,
  cause      text        not null check (cause in ('bounced', 'complained', 'unsubscribed')),
  reason     text        not null,
  at         timestamptz not null,
  primary key (profile_id, channel)
);
