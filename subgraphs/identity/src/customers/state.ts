/** How far she has come with us. Everyone has a state, member of the programme or not. */
export const CUSTOMER_STATES = ['visitor', 'prospect', 'one-time-buyer', 'customer'] as const;
export type CustomerState = (typeof CUSTOMER_STATES)[number];

export const stateOf = ({ known, orders }: { known: boolean; orders: number }): CustomerState => {
  if (orders > 1) return 'customer';
  if (orders === 1) return 'one-time-buyer';
  return known ? 'prospect' : 'visitor';
};

/** The same decision in SQL, over the grouped profiles of a customer. */
export const STATE_SQL = `
  case when sum(orders) > 1 then 'customer' when sum(orders) = 1 then 'one-time-buyer'
       when bool_or(known) then 'prospect' else 'visitor' end`;
