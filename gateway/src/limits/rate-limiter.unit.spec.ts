import { RateLimiter } from './rate-limiter.ts';

it('gives back what was used at the rate of the role, and no more than a burst', () => {
  let now = 0;
  const limiter = new RateLimiter({ care: 2 }, () => now);
  expect(limiter.take('care', 'a', 10)).toMatchObject({ allowed: true, remaining: 0, resetSeconds: 5 });
  expect(limiter.take('care', 'a', 1)).toMatchObject({ allowed: false, resetSeconds: 1 });
  now = 1_500;
  expect(limiter.take('care', 'a', 3)).toMatchObject({ allowed: true, remaining: 0 });
  now = 1_000_000;
  expect(limiter.take('care', 'a', 1)).toMatchObject({ remaining: 9 });
});
