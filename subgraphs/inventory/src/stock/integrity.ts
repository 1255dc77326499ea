import { sql } from '@trenza/database';
import type { DataSource } from 'typeorm';

export interface IntegrityRow {
  productId: string;
  placeId: string;
  figure: string;
  counter: number;
  rows: number;
}

/** Wrong figures that are named; one is too many already. */
export const MAX_WRONG = 100;

/**
 * Every counter against the sum of the rows behind it, in one snapshot. Sums first and joins then, so it reads each table once,
 * also with millions of movements.
 */
const WRONG = `
  with moved as (select product_id, place_id, sum(quantity) as n from stock_movement group by 1, 2),
  kept as (
    select product_id, place_id, sum(quantity) filter (where state = 'held') as held, sum(quantity) filter (where state = 'allocated') as allocated
      from reservation where state in ('held', 'allocated') group by 1, 2),
  travelling as (
    select l.product_id, t.to_place_id as place_id, sum(l.sent) as n
      from transfer t join transfer_line l on l.transfer_id = t.id where t.state = 'sent' group by 1, 2)
  select s.product_id as "productId", s.place_id as "placeId", f.figure, f.counter, f.rows
    from stock s
    left join moved m using (product_id, place_id)
    left join kept k using (product_id, place_id)
    left join travelling t using (product_id, place_id)
   cross join lateral (values
     ('onHand', s.on_hand, coalesce(m.n, 0)), ('held', s.held, coalesce(k.held, 0)),
     ('allocated', s.allocated, coalesce(k.allocated, 0)), ('inTransit', s.in_transit, coalesce(t.n, 0))) f(figure, counter, rows)
   where f.counter <> f.rows
   order by 1, 2, 3 limit ${MAX_WRONG}`;

export const wrongFigures = (db: DataSource): Promise<IntegrityRow[]> => sql<IntegrityRow>(db, WRONG);
