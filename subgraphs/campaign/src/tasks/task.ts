import type { Language } from '../decisions/candidates.ts';

export type TaskKind = 'recover-detractor' | 'call-abandoned-cart' | 'invite' | 'other';

/** A new task, before it has an id. */
export interface Draft {
  /** There is one task per cause, however often the cause is told. */
  cause: string;
  kind: TaskKind;
  profileId: string;
  storeId: string | null;
  priority: number;
  reason: string;
  script: string;
  dueAt: Date;
  caseId?: string;
  cartId?: string;
}

/** Complaints before sales. */
const PRIORITY = { high: 100, medium: 80, low: 60, cart: 20 } as const;
/** A cart that is a day old is warm; after that a call comes out of the blue. */
const CART_DUE_HOURS = 24;
/** A call costs more than the margin of a smaller cart, in minor units. */
export const MIN_CART_FOR_CALL = 3_000;
const HOUR_MS = 3_600_000;

const SCRIPTS = {
  es: {
    recover: (reason: string) =>
      [
        `Motivo: ${reason}.`,
        '1. Preséntate, pide disculpas y deja que lo cuente con sus palabras.',
        '2. Resume lo que has entendido y pregunta qué lo arreglaría.',
        '3. Ofrece lo que está en tu mano; si no basta, escálalo hoy mismo.',
        '4. No ofrezcas ninguna compra. Acuerda cuándo la volverás a llamar.',
      ].join('\n'),
    cart: (what: string, total: string) =>
      [
        `Dejó en su cesta ${what}, por ${total}.`,
        '1. Pregunta si algo no funcionó o si le queda alguna duda.',
        '2. Ofrece reservar los artículos en su tienda o terminar la compra por ella.',
        '3. Si no lo quiere, agradéceselo y no insistas.',
      ].join('\n'),
  },
  en: {
    recover: (reason: string) =>
      [
        `Reason: ${reason}.`,
        '1. Introduce yourself, apologise, and let her tell it in her own words.',
        '2. Say what you understood and ask what would put it right.',
        '3. Offer what is in your power; if that is not enough, escalate it today.',
        '4. Sell nothing. Agree on when you will call her again.',
      ].join('\n'),
    cart: (what: string, total: string) =>
      [
        `She left ${what} in her cart, ${total} in all.`,
        '1. Ask whether something did not work or a question is left.',
        '2. Offer to put the items aside in her store or to finish the order for her.',
        '3. If she does not want it, thank her and do not insist.',
      ].join('\n'),
  },
};

export interface CaseOpened {
  caseId: string;
  reason: string;
  severity: 'low' | 'medium' | 'high';
  dueAt: Date;
}

export const recoveryTask = (c: CaseOpened, profileId: string, storeId: string | null, language: Language): Draft => ({
  cause: `case:${c.caseId}`,
  kind: 'recover-detractor',
  profileId,
  storeId,
  priority: PRIORITY[c.severity],
  reason: c.reason,
  script: SCRIPTS[language].recover(c.reason),
  dueAt: c.dueAt,
  caseId: c.caseId,
});

export interface AbandonedCart {
  cartId: string;
  lastTouchedAt: Date;
  lines: readonly { name: string; quantity: number }[];
  total: { amount: number; currency: string };
}

/** More lines than these are summed up: nobody reads a list aloud. */
const MAX_LINES_TOLD = 3;

/** `notBefore` is when she may be called; she is left in peace until then. */
export function cartTask(
  cart: AbandonedCart,
  profileId: string,
  storeId: string | null,
  language: Language,
  notBefore: Date,
): Draft {
  const { lines, total } = cart;
  const told = lines.slice(0, MAX_LINES_TOLD).map((l) => `${l.quantity} × ${l.name}`);
  const rest = lines.length - told.length;
  const what = rest > 0 ? `${told.join(', ')} (+${rest})` : told.join(', ');
  const amount = new Intl.NumberFormat(language, { style: 'currency', currency: total.currency }).format(
    total.amount / 100,
  );
  return {
    cause: `cart:${cart.cartId}:${cart.lastTouchedAt.toISOString()}`,
    kind: 'call-abandoned-cart',
    profileId,
    storeId,
    priority: PRIORITY.cart,
    reason: language === 'es' ? `Cesta abandonada: ${what}` : `Abandoned cart: ${what}`,
    script: SCRIPTS[language].cart(what, amount),
    dueAt: new Date(notBefore.getTime() + CART_DUE_HOURS * HOUR_MS),
    cartId: cart.cartId,
  };
}
