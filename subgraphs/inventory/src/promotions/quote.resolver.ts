import { Allow } from '@trenza/auth';
import { isSameCustomer, type Context } from '@trenza/subgraph';
import { Arg, Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import { GraphQLError } from 'graphql';
import { channelOf } from '../acting-for.ts';
import { loadProducts } from '../products/product.resolver.ts';
import { Product } from '../products/product.type.ts';
import { appliedViews, discountViews, missedViews } from './promotion-views.ts';
import { QuoteInput } from './promotion-input.ts';
import { quoteBasket, type QuotedBasket } from './quote-basket.ts';
import { Quote, QuoteLine } from './quote.type.ts';

/** Whoever may make promotions may look at what they would do. */
const MAKERS = ['marketer', 'admin'];

@Resolver(() => QuoteLine)
export class QuoteResolver {
  @Query(() => Quote, {
    description:
      'What a basket costs with the promotions that run, before anybody orders it, and what would make it cheaper.',
  })
  @Allow({ roles: ['customer', 'service', 'associate', 'care', 'marketer', 'admin'] })
  async quote(@Arg('input', () => QuoteInput) input: QuoteInput, @Ctx() ctx: Context): Promise<Quote> {
    const { role } = ctx.caller;
    if ((input.at || input.tryPromotionIds?.length) && !MAKERS.includes(role))
      throw forbidden('Only a marketer or an admin may try promotions that do not run.');
    const command = {
      profileId: await buyerOf(ctx, input),
      channel: channelOf(ctx, input),
      storeId: input.storeId ?? null,
      lines: input.lines ?? null,
      vouchers: input.vouchers ?? [],
      tryPromotionIds: input.tryPromotionIds ?? [],
      at: input.at ?? ctx.now(),
    };
    return viewOf(await quoteBasket(ctx.database.manager, command, ctx.keys, ctx.now()));
  }

  @FieldResolver(() => Product, { description: 'The product.' })
  product(@Root() { productId }: QuoteLine, @Ctx() ctx: Context): Promise<Product | null> {
    return ctx.load(loadProducts, productId);
  }
}

const forbidden = (message: string): GraphQLError => new GraphQLError(message, { extensions: { code: 'FORBIDDEN' } });

async function buyerOf(ctx: Context, { profileId }: QuoteInput): Promise<string | null> {
  const { role, profileId: own } = ctx.caller;
  if (role !== 'customer') return profileId ?? null;
  if (profileId && !(await isSameCustomer(ctx, profileId, own!)))
    throw forbidden('A customer may ask for herself only.');
  return profileId ?? own!;
}

function viewOf({ products, currency, ...priced }: QuotedBasket): Quote {
  const money = (amount: number): { amount: number; currency: string } => ({ amount, currency });
  const sum = (field: 'grossAmount' | 'netAmount' | 'discountAmount'): { amount: number; currency: string } =>
    money(priced.lines.reduce((total, line) => total + line[field], 0));
  return {
    lines: products.map(({ productId, sku, quantity }, i) => {
      const { grossAmount, netAmount, discounts } = priced.lines[i]!;
      return Object.assign(new QuoteLine(), {
        productId,
        sku,
        quantity,
        unitPrice: money(priced.unitAmounts[i]!),
        gross: money(grossAmount),
        net: money(netAmount),
        discounts: discountViews(discounts, currency),
      });
    }),
    subtotal: sum('grossAmount'),
    discount: sum('discountAmount'),
    total: sum('netAmount'),
    promotions: appliedViews({ ...priced, currency }),
    missedPromotions: missedViews({ ...priced, currency }, true),
    vouchers: priced.vouchers.map(({ code, amount }) => ({ code, amount: money(amount) })),
  };
}
