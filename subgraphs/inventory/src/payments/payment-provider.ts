/** What we need of whoever moves money. Every call may be repeated: ids are ours, and the same id moves money once. */
export interface PaymentProvider {
  name: string;
  /** Asks whether the money is there and sets it aside. Throws `PaymentTimedOut` where the answer did not come. */
  authorise(request: {
    paymentId: string;
    amount: number;
    currency: string;
    /** What the provider's form in the browser or the terminal gave us; we never see a card. */
    token: string;
  }): Promise<{ reference: string } | { declined: string }>;
  capture(request: { reference: string; amount: number }): Promise<void>;
  /** Lets go of what was set aside, also where we never heard whether it was. */
  release(request: { paymentId: string; reference: string | null }): Promise<void>;
  refund(request: { refundId: string; reference: string; amount: number }): Promise<{ reference: string }>;
}

/** The provider did not answer in time. It may have taken the money: ask again with the same payment id. */
export class PaymentTimedOut extends Error {}

const providers = new Map<string, PaymentProvider>();

export const registerProvider = (provider: PaymentProvider): void => void providers.set(provider.name, provider);

/** The one that is configured (`TRENZA_PAYMENT_PROVIDER`, else the sandbox). */
export function paymentProvider(name = process.env['TRENZA_PAYMENT_PROVIDER'] ?? 'sandbox'): PaymentProvider {
  const provider = providers.get(name);
  if (!provider)
    throw new Error(`There is no payment provider "${name}". Known are: ${[...providers.keys()].join(', ')}.`);
  return provider;
}
