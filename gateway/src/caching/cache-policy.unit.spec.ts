import fc from 'fast-check';
import { CachePolicy, NOT_KEPT } from './cache-policy.ts';

const of = (...headers: (string | undefined)[]): string => {
  const policy = new CachePolicy();
  for (const header of headers) policy.restrict(header);
  return policy.header();
};

it.each([
  [['public, max-age=60'], 'public, max-age=60'],
  [['public, max-age=60', 'max-age=30, public'], 'public, max-age=30'],
  [['public, max-age=60', 'private, max-age=300'], 'private, max-age=60'],
  [['max-age=60'], 'private, max-age=60'],
  [['public, max-age=60', undefined], NOT_KEPT],
  [['public, max-age=60', 'no-store'], NOT_KEPT],
  [['public, max-age=60, no-cache'], NOT_KEPT],
  [['public'], NOT_KEPT],
  [[], NOT_KEPT],
])('of %j is %s', (headers, expected) => {
  expect(of(...headers)).toBe(expected);
});

it('is never public where one part is not, and never longer than any part', () => {
  const part = fc.record({ isPublic: fc.boolean(), maxAge: fc.integer({ min: 0, max: 1_000 }) });
  fc.assert(
    fc.property(fc.array(part, { minLength: 1 }), (parts) => {
      const header = of(
        ...parts.map(({ isPublic, maxAge }) => `${isPublic ? 'public' : 'private'}, max-age=${maxAge}`),
      );
      const shortest = Math.min(...parts.map(({ maxAge }) => maxAge));
      const scope = parts.every(({ isPublic }) => isPublic) ? 'public' : 'private';
      expect(header).toBe(shortest > 0 ? `${scope}, max-age=${shortest}` : NOT_KEPT);
    }),
  );
});
