import { channelFits, type ChannelUse } from './channel-fit.ts';

const use = (channel: ChannelUse['channel'], over: Partial<ChannelUse> = {}): ChannelUse => ({
  channel,
  visits: 0,
  orders: 0,
  sent: 0,
  answered: 0,
  ...over,
});

describe('the channel that suits her', () => {
  it('is the one she uses and buys in', () => {
    const [first] = channelFits([
      use('web', { visits: 2 }),
      use('store', { visits: 6, orders: 3 }),
      use('email', { sent: 20, answered: 1 }),
    ]);
    expect(first).toEqual({ channel: 'store', score: expect.closeTo(0.6, 6), reason: '3 orders, 6.0 recent visits.' });
  });

  it('among those in which we write to her is the one whose messages she takes up', () => {
    const fits = channelFits([use('email', { sent: 30, answered: 0 }), use('push', { sent: 30, answered: 15 })]);
    expect(fits.map((f) => f.channel)).toEqual(['push', 'email']);
    expect(fits[0]?.reason).toBe('she took up 15 of 30 messages.');
  });

  it('is the one she says she prefers, as long as her habits do not say otherwise', () => {
    expect(channelFits([use('email'), use('sms')], 'sms')[0]?.channel).toBe('sms');
    expect(channelFits([use('store', { visits: 9, orders: 9 }), use('sms')], 'sms')[0]?.channel).toBe('store');
  });

  it('is never told with more than one', () => {
    const [only] = channelFits([use('email', { visits: 5, orders: 5, sent: 10, answered: 10 })], 'email');
    expect(only?.score).toBe(1);
  });
});
