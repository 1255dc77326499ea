import { PaymentTimedOut, registerProvider, type PaymentProvider } from './payment-provider.ts';

/**
 * Moves no money. The token says what happens: `tok_ok` is authorised, `tok_declined` is declined, `tok_timeout` never answers; anything
 * else is declined as unknown. It keeps nothing, so a repeat with the same payment id gets the same reference.
 */
export const sandboxProvider: PaymentProvider = {
  name: 'sandbox',
  authorise({ paymentId, token }) {
    if (token === 'tok_ok') return Promise.resolve({ reference: `sandbox-${paymentId}` });
    if (token === 'tok_timeout')
      return Promise.reject(new PaymentTimedOut(`The sandbox does not answer for payment ${paymentId}.`));
    return Promise.resolve({
      declined: token === 'tok_declined' ? 'The card was declined.' : 'The sandbox does not know this token.',
    });
  },
  capture: () => Promise.resolve(),
  release: () => Promise.resolve(),
  refund: ({ refundId }) => Promise.resolve({ reference: `sandbox-refund-${refundId}` }),
};

registerProvider(sandboxProvider);
