/** The SQL of the hand-written endpoint: what tools/src/story/customer.graphql asks, as somebody who knows the tables would write it. */
export interface Statement {
  text: string;
  /** Takes latitude and longitude as $2 and $3. */
  near?: boolean;
  /** One row and not a list. */
  one?: boolean;
}

export const IDENTITY: Record<string, Statement> = {
  attributes: {
    text: `select name, value from attribute where profile_id = any($1) and name in ('givenName', 'familyName', 'fullName', 'preferredChannel', 'language')`,
  },
  identifiers: { text: `select type, value, shared from identifier where profile_id = any($1) order by type, value` },
  consents: {
    text: `select distinct on (purpose, channel) purpose, channel, granted from consent where profile_id = any($1) order by purpose, channel, occurred_at desc`,
  },
  evidence: {
    text: `select kind, occurred_at as "occurredAt" from touchpoint where profile_id = any($1) order by occurred_at desc limit 200`,
  },
  journey: {
    text: `select * from (select id, occurred_at as "occurredAt", kind, channel, subgraph, amount, currency, score from touchpoint
             where profile_id = any($1) order by occurred_at desc, id desc limit 20) last order by "occurredAt", id`,
  },
};

export const LOYALTY: Record<string, Statement> = {
  balances: {
    text: `select kind, sum(balance) as balance from account where owner_id = any($1) and currency = 'points' group by kind`,
  },
  lifetime: {
    text: `select coalesce(sum(amount), 0) as "lifetimeEarned" from transfer where profile_id = any($1) and currency = 'points' and code = 'earn'`,
    one: true,
  },
  standing: {
    text: `select t.name, n.name as next, n.threshold - coalesce((select sum(points) from qualification where profile_id = any($1)), 0) as "pointsToNext"
             from tier t left join tier n on n.rank = t.rank + 1
            where t.code = coalesce((select tier from tier_standing where customer_id = any($1) limit 1), 'member')`,
    one: true,
  },
  movements: {
    text: `select code as kind, amount as points, occurred_at as "occurredAt", reason from transfer
            where profile_id = any($1) and currency = 'points' order by occurred_at desc, id desc limit 5`,
  },
};

export const INVENTORY: Record<string, Statement> = {
  openCart: {
    near: true,
    text: `select l.quantity, l.channel, p.sku, p.name, p.amount * l.quantity as amount,
                  (select json_agg(near) from (
                     select pl.name, s.on_hand - s.allocated - s.held - s.safety as available,
                            distance_km($2, $3, pl.latitude, pl.longitude) as "distanceKm"
                       from stock s join place pl on pl.id = s.place_id
                      where s.product_id = l.product_id and s.on_hand - s.allocated - s.held - s.safety >= l.quantity
                        and pl.active and pl.kind = 'store' and distance_km($2, $3, pl.latitude, pl.longitude) <= 50
                      order by 3 limit 10) near) as "availableNear"
             from cart c join cart_line l on l.cart_id = c.id join product p on p.id = l.product_id
            where c.profile_id = any($1) and c.state = 'open' and l.quantity > 0`,
  },
  orders: {
    text: `select o.number, o.channel, o.status, o.placed_at as "placedAt", o.net_amount + o.shipping_amount as total, o.currency, p.name as store,
                  (select json_agg(json_build_object('name', l.name, 'quantity', l.quantity, 'returned', l.returned) order by l.line_no)
                     from order_line l where l.order_id = o.id) as lines
             from orders o left join place p on p.id = o.place_id
            where o.profile_id = any($1) order by o.placed_at desc limit 5`,
  },
};

export const CAMPAIGN: Record<string, Statement> = {
  intents: {
    text: `select topic, sum(strength * power(2, -extract(epoch from now() - last_at)::float8 / half_life_seconds)) as strength
             from intent where profile_id = any($1) group by kind, topic order by 2 desc limit 5`,
  },
  nextBestActions: {
    text: `select kind, action, reason, candidates from decision where profile_id = any($1) and channel = 'store' order by decided_at desc limit 1`,
  },
  tasks: {
    text: `select kind, state, reason, due_at as "dueAt" from task where profile_id = any($1) order by created_at desc limit 5`,
  },
};

export const FEEDBACK: Record<string, Statement> = {
  satisfaction: {
    text: `select attitude, score as "latestNps", sentiment, occurred_at as "lastSaidAt" from answer
            where profile_id = any($1) and metric = 'nps' and score is not null order by occurred_at desc limit 1`,
    one: true,
  },
  answers: {
    text: `select metric, score, comment, sentiment, occurred_at as "occurredAt" from answer where profile_id = any($1) order by occurred_at desc limit 5`,
  },
  openCases: {
    text: `select reason, severity, status, due_at as "dueAt" from feedback_case where profile_id = any($1) and status in ('open', 'in-progress') order by opened_at desc`,
  },
};
