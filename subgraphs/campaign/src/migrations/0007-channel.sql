-- Answers by the channel in which they were given: satisfaction per channel.
create table channel_answer (
  answer_id  uuid primary key,
  profile_id uuid,
  channel    text        not null,
  attitude   text        not null,
  at         timestamptz not null
);
create index channel_answer_at on channel_answer (at);
create index channel_answer_profile on channel_answer (profile_id) where profile_id is not null;
