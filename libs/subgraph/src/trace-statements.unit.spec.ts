import { summaryOf } from './trace-statements.ts';

it.each([
  ['select id from lot where profile_id = any($1)', 'select lot'],
  ['with gone as (delete from outbox where id < $1 returning *) select * from gone', 'delete from outbox'],
  ['insert into stock (sku) values ($1) on conflict (sku) do update set sku = excluded.sku', 'insert into stock'],
  ['select * from stock where sku = $1 for update', 'select stock'],
  ['select * from stock s for no key update of s skip locked', 'select stock'],
  ['update cart set version = version + 1 where id = $1', 'update cart'],
  ['begin', 'begin'],
  ['select 1', 'select'],
  ["select set_config('app.customer', 'maria@example.com', true)", 'select'],
])('names %s after its operation and table', (text, name) => {
  expect(summaryOf(text)).toBe(name);
});
