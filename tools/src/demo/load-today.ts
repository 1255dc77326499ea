import type { Graph } from '../graph/graph-client.ts';
import { parts, type References } from '../import/references.ts';
import type { Today } from './today.ts';

export const ADD_TO_CART = `mutation DemoCart($input: AddToCartInput!) { addToCart(input: $input) { errors { message } } }`;
export const ANSWER = `mutation DemoAnswer($input: SubmitAnswerInput!) { submitAnswer(input: $input) { errors { message } } }`;
/** Single mutations, a few at once: there are about a hundred. */
const AT_ONCE = 8;

interface Call {
  mutation: string;
  input: Record<string, unknown>;
}

/** What is going on now is done as channels do it, one mutation at a time; the keys make a second load harmless. Returns what was refused. */
export async function loadToday(graph: Graph, known: References, today: Today): Promise<string[]> {
  const calls = [...(await cartCalls(known, today)), ...(await answerCalls(known, today))];
  const refused: string[] = [];
  for (const some of parts(calls, AT_ONCE)) {
    const answers = await Promise.all(
      some.map(({ mutation, input }) =>
        graph.ask<Record<string, { errors: { message: string }[] }>>(mutation, { input }),
      ),
    );
    refused.push(
      ...answers.flatMap((answer) => Object.values(answer).flatMap(({ errors }) => errors.map((e) => e.message))),
    );
  }
  return refused;
}

const numbersOf = (items: { customer: string }[]): Map<string, undefined> =>
  new Map(items.map(({ customer }) => [customer, undefined]));

async function cartCalls(known: References, { carts }: Today): Promise<Call[]> {
  const profiles = await known.profiles(numbersOf(carts));
  return carts.map(({ customer, channel, sku, quantity }, index) => ({
    mutation: ADD_TO_CART,
    input: {
      idempotencyKey: `brezo-cart-${index}`,
      profileId: profiles.get(customer),
      channel: channel.toUpperCase(),
      sku,
      quantity,
    },
  }));
}

async function answerCalls(known: References, { answers }: Today): Promise<Call[]> {
  const profiles = await known.profiles(numbersOf(answers));
  const stores = await known.stores(answers.map(({ store }) => store));
  return answers.map(({ customer, store, score, comment }, index) => ({
    mutation: ANSWER,
    input: {
      idempotencyKey: `brezo-answer-${index}`,
      surveyKey: 'nps-after-purchase',
      profileId: profiles.get(customer),
      channel: 'STORE',
      storeId: stores.get(store),
      score,
      comment,
      language: 'es',
    },
  }));
}
