import type { Graph } from '../graph/graph-client.ts';

const DAY_MS = 86_400_000;

export const CREATE_PROMOTION = `mutation DemoPromotion($input: CreatePromotionInput!) { createPromotion(input: $input) { promotion { id } errors { message } } }`;
export const RELEASE_PROMOTION = `mutation DemoRelease($input: PromotionActionInput!) { releasePromotion(input: $input) { errors { message } } }`;

interface Answer {
  promotion?: { id: string } | null;
  errors: { message: string }[];
}

/** Two that run and one that is about to; amounts are cents. */
const promotionsOf = (anchor: Date): Record<string, unknown>[] => [
  {
    idempotencyKey: 'brezo-3x2',
    name: '3x2 en niños',
    description: 'De cada tres prendas de niños, la más barata es gratis.',
    benefit: { multiBuy: { buy: 2, get: 1 } },
    scope: { categories: ['niños'] },
  },
  {
    idempotencyKey: 'brezo-web',
    name: 'Cuanto más, mejor',
    description: '10 € desde 100 € y 30 € desde 200 €, en la web y en la app.',
    benefit: {
      threshold: {
        steps: [
          { spend: 10_000, amount: 1_000 },
          { spend: 20_000, amount: 3_000 },
        ],
      },
    },
    scope: { exceptCategories: ['tarjetas regalo'] },
    conditions: { channels: ['WEB', 'APP'] },
    customerLimit: 3,
  },
  {
    idempotencyKey: 'brezo-deporte',
    name: 'Semana del deporte',
    description: 'Un 20 % en todo el deporte.',
    benefit: { percentOff: { percent: 20 } },
    scope: { categories: ['deporte'] },
    exclusive: true,
    validFrom: new Date(anchor.getTime() + 7 * DAY_MS),
    validTo: new Date(anchor.getTime() + 14 * DAY_MS),
  },
];

/** Makes the promotions of the demo retailer as its marketer would. A second time changes nothing. Returns what was refused. */
export async function loadPromotions(graph: Graph, anchor: Date): Promise<string[]> {
  const refused: string[] = [];
  for (const promotion of promotionsOf(anchor)) {
    const input = { currency: 'EUR', ...promotion };
    const { createPromotion: made } = await graph.ask<{ createPromotion: Answer }>(CREATE_PROMOTION, { input });
    refused.push(...made.errors.map((e) => e.message));
    if (!made.promotion) continue;
    const { releasePromotion: released } = await graph.ask<{ releasePromotion: Answer }>(RELEASE_PROMOTION, {
      input: { promotionId: made.promotion.id, reason: 'demo' },
    });
    refused.push(...released.errors.map((e) => e.message));
  }
  return refused;
}
