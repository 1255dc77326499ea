import customer from '../../tools/src/story/customer.graphql';
import findCustomers from './examples/find-customers.graphql';
import liveCustomer from './examples/live-customer.graphql';
import nearMe from './examples/near-me.graphql';
import nextBestAction from './examples/next-best-action.graphql';
import storeDay from './examples/store-day.graphql';
import track from './examples/track.graphql';

const MADRID = { latitude: 40.4168, longitude: -3.7038 };
const ID = 'an id from “Find customers”';

/** Saved operations of the playground; a test validates each of them against the supergraph. */
export const EXAMPLES = [
  {
    title: 'Find customers',
    about: 'By a name, an e-mail, a card; with points and satisfaction from two other services.',
    query: findCustomers,
    variables: { search: null },
  },
  {
    title: 'One customer, whole',
    about: 'Profile, points, cart, orders, next best action, answers and journey, from all five services.',
    query: customer,
    variables: { id: ID, ...MADRID },
  },
  {
    title: 'Next best action',
    about: 'What to do for her now, ranked and explained.',
    query: nextBestAction,
    variables: { customerId: ID },
  },
  {
    title: 'Near me',
    about: 'Stores and stock around a place. Anyone may ask.',
    query: nearMe,
    variables: MADRID,
  },
  {
    title: "A store's day",
    about: 'Its tasks, its score with the uncertainty, its alerts.',
    query: storeDay,
    variables: { storeId: 'an id from “Near me”' },
  },
  {
    title: 'Track an event',
    about: 'What a web shop sends when somebody looks at a product.',
    query: track,
    variables: {
      input: { events: [{ eventId: 'playground-1', kind: 'page_view', channel: 'WEB', source: 'playground' }] },
    },
  },
  {
    title: 'Live: what happens to a customer',
    about: 'A subscription over WebSocket; any field of hers is read when the event arrives.',
    query: liveCustomer,
    variables: { customerId: ID },
  },
];
