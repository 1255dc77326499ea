-- The first result of every mutation that carries an idempotency key.
create table idempotency (
  operation  text        not null,
  key        text        not null,
  body_hash  bytea       not null,
  result     jsonb,
  created_at timestamptz not null default now(),
  primary key (operation, key)
);
create index idempotency_created_at on idempotency using brin (created_at);
