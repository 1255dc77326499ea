import { newId } from '@trenza/events';
import type { TestSubgraph } from '@trenza/testing';

export interface PromotionAnswer {
  promotion: { id: string; status: string; name: string } | null;
  errors: { code: string; message: string; path: string[] | null }[];
}

/** Makes promotions through the graph, as a marketer does. */
export function promoter(inventory: TestSubgraph): Promoter {
  const marketer = inventory.as({ role: 'marketer', subject: 'marta' });
  const ask = async (field: string, type: string, input: Record<string, unknown>): Promise<PromotionAnswer> => {
    const { data, errors } = await marketer.graph(
      `mutation ($input: ${type}!) { ${field}(input: $input) { promotion { id status name } errors { code message path } } }`,
      { input },
    );
    if (errors) throw new Error(errors.map((e) => e.message).join('; '));
    return data[field] as PromotionAnswer;
  };
  const create = (input: Record<string, unknown>): Promise<PromotionAnswer> =>
    ask('createPromotion', 'CreatePromotionInput', { idempotencyKey: newId(), currency: 'EUR', ...input });
  const act = (action: string, promotionId: string, reason?: string): Promise<PromotionAnswer> =>
    ask(`${action}Promotion`, 'PromotionActionInput', { promotionId, reason });
  return {
    create,
    act,
    change: (promotionId, input) =>
      ask('changePromotion', 'ChangePromotionInput', { idempotencyKey: newId(), promotionId, ...input }),
    async running(input) {
      const { promotion, errors } = await create(input);
      if (!promotion) throw new Error(JSON.stringify(errors));
      const released = await act('release', promotion.id);
      if (released.errors.length > 0) throw new Error(JSON.stringify(released.errors));
      return promotion.id;
    },
  };
}

export interface Promoter {
  create: (input: Record<string, unknown>) => Promise<PromotionAnswer>;
  change: (promotionId: string, input: Record<string, unknown>) => Promise<PromotionAnswer>;
  act: (action: 'release' | 'pause' | 'resume' | 'end', id: string, reason?: string) => Promise<PromotionAnswer>;
  /** Created and released; its id. */
  running: (input: Record<string, unknown>) => Promise<string>;
}
