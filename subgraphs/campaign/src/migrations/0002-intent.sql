-- One row holds a whole history: strength as it was at last_at, halving every half_life_seconds.
create table intent (
  profile_id        uuid             not null,
  kind              text             not null,
  topic             text             not null,
  strength          double precision not null,
  half_life_seconds int              not null,
  last_at           timestamptz      not null,
  primary key (profile_id, kind, topic)
);

-- The signals of the last weeks: what spikes are judged by and shown with. Older ones live on in the strength only.
create table intent_signal (
  event_id   uuid             not null,
  profile_id uuid             not null,
  topic      text             not null,
  weight     double precision not null,
  at         timestamptz      not null,
  primary key (profile_id, topic, at, event_id)
);
create index intent_signal_at on intent_signal using brin (at);

-- What somebody who cares for a topic shows of it in a day, over everybody. Recomputed by a job.
create table topic_baseline (
  topic       text primary key,
  mean        double precision not null,
  days        int              not null,
  computed_at timestamptz      not null
);

create table intent_spike (
  id             uuid primary key,
  profile_id     uuid             not null,
  topic          text             not null,
  signals        int              not null,
  own_baseline   double precision not null,
  peer_baseline  double precision not null,
  probability    double precision not null,
  evidence       uuid[]           not null,
  spiked_at      timestamptz      not null
);
create index intent_spike_profile on intent_spike (profile_id, topic, spiked_at desc);
