import type { EventOf } from '@trenza/events';
import { topicOf, type IntentKind, type Signal } from './intent.ts';

type Tracked = EventOf<'identity.event.tracked.v1'>;
type CartChanged = EventOf<'inventory.cart.changed.v1'>;
type OrderCompleted = EventOf<'inventory.order.completed.v1'>;

/** How much each kind of act says, relative to looking at one product. */
const TRACKED_WEIGHTS: Record<string, { kind: IntentKind; weight: number }> = {
  page_view: { kind: 'behavioural', weight: 0.3 },
  category_viewed: { kind: 'behavioural', weight: 0.7 },
  product_viewed: { kind: 'behavioural', weight: 1 },
  search: { kind: 'behavioural', weight: 1.5 },
  wishlist_added: { kind: 'affinity', weight: 3 },
  review_written: { kind: 'affinity', weight: 2 },
  share: { kind: 'affinity', weight: 2 },
  follow: { kind: 'affinity', weight: 2 },
  store_visit: { kind: 'event', weight: 2 },
  event_attended: { kind: 'event', weight: 4 },
  stock_checked: { kind: 'behavioural', weight: 2 },
};
/** An act that we have no weight for still says something where it names a topic. */
const OTHER_ACT = { kind: 'behavioural', weight: 0.5 } as const;

/** A product stands for its category too, but says less about it than about itself. */
const CATEGORY_SHARE = 0.5;
/** Putting a thing into the cart is worth three looks; taking it out takes that back. */
const CART_WEIGHT = 3;
const ORDER_LINE_WEIGHT = 2;

/** `category` of a product where an event names only the product; undefined where we don't know it (yet). */
export type CategoryOf = (productId: string) => string | undefined;

/** What a tracked act tells about her intents; an act that names nothing tells nothing. */
export function signalsOfTracked(event: Tracked, categoryOf: CategoryOf): Signal[] {
  const { kind: act, productId, storeId, properties } = event.data;
  const { kind, weight } = TRACKED_WEIGHTS[act] ?? OTHER_ACT;
  const category = event.data.category ?? (productId ? categoryOf(productId) : undefined);
  const signals: Omit<Signal, 'eventId' | 'profileId' | 'at'>[] = [];
  if (productId) signals.push({ kind, topic: topicOf('product', productId), weight });
  if (category)
    signals.push({ kind, topic: topicOf('category', category), weight: productId ? weight * CATEGORY_SHARE : weight });
  const words = act === 'search' ? searchedWords(properties) : undefined;
  if (words) signals.push({ kind, topic: topicOf('search', words), weight });
  if (storeId && !productId) signals.push({ kind: 'event', topic: topicOf('store', storeId), weight });
  return stamp(event, signals);
}

export function signalsOfCart(event: CartChanged, categoryOf: CategoryOf): Signal[] {
  const { action, productId } = event.data;
  if (!productId || (action !== 'line-added' && action !== 'line-removed')) return [];
  const weight = action === 'line-added' ? CART_WEIGHT : -CART_WEIGHT;
  const category = categoryOf(productId);
  return stamp(event, [
    { kind: 'behavioural', topic: topicOf('product', productId), weight },
    ...(category
      ? [{ kind: 'behavioural' as const, topic: topicOf('category', category), weight: weight * CATEGORY_SHARE }]
      : []),
  ]);
}

/** An order says what she is like: one signal per category, however many lines. What exactly she bought is kept elsewhere. */
export function signalsOfOrder(event: OrderCompleted, categoryOf: CategoryOf): Signal[] {
  const categories = new Set<string>();
  for (const { category, productId } of event.data.lines) {
    const name = category ?? (productId ? categoryOf(productId) : undefined);
    if (name) categories.add(name);
  }
  return stamp(
    event,
    [...categories].map((name) => ({
      kind: 'transactional',
      topic: topicOf('category', name),
      weight: ORDER_LINE_WEIGHT,
    })),
  );
}

function searchedWords(properties: Record<string, unknown>): string | undefined {
  const words = properties['query'] ?? properties['term'] ?? properties['words'];
  return typeof words === 'string' && words.trim() ? words.trim().toLowerCase().replace(/\s+/g, ' ') : undefined;
}

/** Anonymous sales have no profile: nobody's intent. */
function stamp(
  event: Tracked | CartChanged | OrderCompleted,
  signals: Omit<Signal, 'eventId' | 'profileId' | 'at'>[],
): Signal[] {
  const { id: eventId, profileId, occurredAt } = event;
  return profileId ? signals.map((s) => ({ ...s, eventId, profileId, at: new Date(occurredAt) })) : [];
}
