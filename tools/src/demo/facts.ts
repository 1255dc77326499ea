import type { Product } from './catalogue.ts';
import type { DemoChannel, Person } from './people.ts';
import type { Random } from './random.ts';

/** Who did it: a customer by her number, or a visitor of whom only a cookie or device is known. */
export interface Who {
  customer?: string;
  cookie?: string;
  device?: string;
}

export interface Touch {
  eventId: string;
  who: Who;
  kind: string;
  channel: DemoChannel;
  at: Date;
  store?: string;
  sku?: string;
  category?: string;
  properties?: Record<string, unknown>;
}

export interface Line {
  sku: string;
  name: string;
  category: string;
  quantity: number;
  netAmount: number;
  discountAmount: number;
}

export interface Order {
  number: string;
  who: Who;
  channel: DemoChannel;
  store: string | null;
  associate: string | null;
  fulfilment: 'delivery' | 'pick-up' | 'store';
  at: Date;
  lines: Line[];
}

export interface Return {
  number: string;
  order: Order;
  channel: DemoChannel;
  store: string | null;
  at: Date;
  reason: string;
  lines: { line: number; quantity: number; refundAmount: number }[];
}

export interface Answer {
  externalId: string;
  who: Who;
  survey: 'nps-after-purchase' | 'csat-after-return';
  score: number;
  comment: string | null;
  channel: DemoChannel;
  store: string | null;
  associate: string | null;
  order: string;
  at: Date;
}

export interface Review {
  externalId: string;
  who: Who;
  sku: string;
  rating: number;
  text: string;
  at: Date;
}

export interface Message {
  externalId: string;
  who: Who;
  channel: 'email' | 'sms' | 'push';
  template: string;
  subject: string;
  at: Date;
  outcomes: { outcome: 'delivered' | 'opened' | 'clicked'; at: Date }[];
}

export interface Life {
  touches: Touch[];
  orders: Order[];
  returns: Return[];
  answers: Answer[];
  reviews: Review[];
  messages: Message[];
}

export interface Shop {
  products: Product[];
  anchor: Date;
  /** The moment from which one store went wrong, so that there is something to be noticed. */
  trouble: { store: string; since: Date };
}

/** What is needed to tell one visit and what follows from it. */
export interface Telling {
  person: Person;
  shop: Shop;
  random: Random;
  life: Life;
  key: string;
}
