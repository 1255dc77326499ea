import type { Channel } from '@trenza/events';

/** What could be done for her now. `arm` is what outcomes are learned for; `key` is this very suggestion. */
export interface Candidate {
  key: string;
  arm: string;
  kind: 'offer' | 'content' | 'service' | 'silence';
  title: string;
  /** The signal it springs from, as a sentence. */
  because: string;
  /** What it brings if taken, in minor units. */
  value: number;
  /** Strength of the intent behind it; the stronger, the likelier. Undefined where intent plays no part. */
  strength?: number;
  /** Channels it may be shown in; undefined for all. */
  channels?: readonly Channel[];
  productId?: string;
  offerId?: string;
  cartId?: string;
  caseId?: string;
  storeId?: string;
  /** Units on sale as last announced; undefined where nobody announced anything. */
  available?: number;
  /** She has it already, since then. */
  boughtAt?: Date;
}

interface Intent {
  kind: string;
  topic: string;
  /** As it is now, after decay. */
  strength: number;
}

interface KnownProduct {
  productId: string;
  name: string;
  category: string | null;
  price: number;
  available?: number;
  boughtAt?: Date;
}

interface OpenCase {
  caseId: string;
  storeId: string | null;
  severity: string;
  reason: string;
}

export interface OpenCart {
  cartId: string;
  items: number;
  total: number;
  channel: Channel;
}

export interface Offer {
  offerId: string;
  title: string;
  value: number;
  topic: string | null;
  channels: readonly Channel[] | null;
  kind: 'offer' | 'content' | 'service';
  productId: string | null;
}

export interface Known {
  intents: readonly Intent[];
  products: readonly KnownProduct[];
  cases: readonly OpenCase[];
  cart?: OpenCart;
  offers: readonly Offer[];
  language: Language;
}

export type Language = 'es' | 'en';
export const languageOf = (tag: string | null | undefined): Language =>
  tag?.toLowerCase().startsWith('en') ? 'en' : 'es';

/** Share of the price that is left after the goods are paid: what a sale is worth to the retailer. A round figure of the trade. */
const MARGIN = 0.3;
/** What it is worth that somebody unknown feels welcome: enough to beat silence, less than any offer. */
const WELCOME_VALUE = 50;
/** Where she is in the midst of buying, intent is as strong as it gets. */
const CART_STRENGTH = 6;

const WORDS = {
  es: {
    recommend: (name: string) => `Recomendar «${name}»`,
    cart: (items: number) => `Ayudarla a completar su cesta (${items})`,
    recover: 'Atender su queja antes que nada',
    welcome: 'Darle la bienvenida',
  },
  en: {
    recommend: (name: string) => `Recommend “${name}”`,
    cart: (items: number) => `Help her complete her cart (${items})`,
    recover: 'See to her complaint before anything else',
    welcome: 'Make her welcome',
  },
};

/** Everything that could be suggested, before anyone asks whether it may. */
export function candidatesFor(known: Known): Candidate[] {
  const words = WORDS[known.language];
  const strengths = strengthByTopic(known.intents);
  return [
    ...known.cases.map((c) => recovery(c, words.recover)),
    ...(known.cart && known.cart.items > 0 ? [completeCart(known.cart, words.cart)] : []),
    ...known.products.map((p) => recommendation(p, strengths, words.recommend)),
    ...known.offers.map((o) => fromOffer(o, strengths)),
    welcome(words.welcome),
  ];
}

/** One strength per topic, whatever kinds of signals it came from. */
function strengthByTopic(intents: readonly Intent[]): Map<string, number> {
  const strengths = new Map<string, number>();
  for (const { topic, strength } of intents) strengths.set(topic, (strengths.get(topic) ?? 0) + strength);
  return strengths;
}

const recovery = (c: OpenCase, title: string): Candidate => ({
  key: `recover:${c.caseId}`,
  arm: 'recover',
  kind: 'service',
  title,
  because: `A complaint of ${c.severity} severity is open: ${c.reason}`,
  value: 0,
  caseId: c.caseId,
  ...(c.storeId && { storeId: c.storeId }),
});

const completeCart = (cart: OpenCart, title: (items: number) => string): Candidate => ({
  key: `complete-cart:${cart.cartId}`,
  arm: 'complete-cart',
  kind: 'offer',
  title: title(cart.items),
  because: `She left ${cart.items} items in the cart she filled in ${cart.channel}.`,
  value: Math.round(cart.total * MARGIN),
  strength: CART_STRENGTH,
  cartId: cart.cartId,
});

function recommendation(
  p: KnownProduct,
  strengths: ReadonlyMap<string, number>,
  title: (name: string) => string,
): Candidate {
  const own = strengths.get(`product:${p.productId}`) ?? 0;
  const category = p.category ? (strengths.get(`category:${p.category}`) ?? 0) : 0;
  const strength = Math.max(0, own) + Math.max(0, category) / 2;
  return {
    key: `recommend:${p.productId}`,
    arm: 'recommend',
    kind: 'offer',
    title: title(p.name),
    because:
      own > category / 2
        ? `She looked for “${p.name}” itself (intent ${own.toFixed(1)}).`
        : `She is drawn to ${p.category ?? 'it'} (intent ${category.toFixed(1)}), where “${p.name}” sells well.`,
    value: Math.round(p.price * MARGIN),
    strength,
    productId: p.productId,
    ...(p.available !== undefined && { available: p.available }),
    ...(p.boughtAt && { boughtAt: p.boughtAt }),
  };
}

function fromOffer(o: Offer, strengths: ReadonlyMap<string, number>): Candidate {
  const strength = o.topic ? Math.max(0, strengths.get(o.topic) ?? 0) : undefined;
  return {
    key: `offer:${o.offerId}`,
    arm: `offer:${o.offerId}`,
    kind: o.kind,
    title: o.title,
    because: o.topic
      ? `It is about ${o.topic.replace(':', ' ')}, to which she is drawn (intent ${strength?.toFixed(1)}).`
      : 'It is meant for everyone.',
    value: o.value,
    ...(strength !== undefined && { strength }),
    offerId: o.offerId,
    ...(o.productId && { productId: o.productId }),
    ...(o.channels && { channels: o.channels }),
  };
}

const welcome = (title: string): Candidate => ({
  key: 'welcome',
  arm: 'welcome',
  kind: 'content',
  title,
  because: 'Nothing she did tells us yet what she looks for.',
  value: WELCOME_VALUE,
});
