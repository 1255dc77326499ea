-- Requests to build a projection anew from the stream, and what became of them.
create table projection_rebuild (
  id           uuid primary key,
  projection   text        not null,
  requested_by text        not null,
  requested_at timestamptz not null default now(),
  finished_at  timestamptz,
  events       bigint      not null default 0,
  error        text
);
create index projection_rebuild_open on projection_rebuild (requested_at) where finished_at is null;
