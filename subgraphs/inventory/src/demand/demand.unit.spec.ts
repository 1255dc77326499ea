import fc from 'fast-check';
import { cellOf, expectedUnits, explainEvidence, keptTerm, type Evidence } from './demand.ts';

const nothing: Evidence = {
  peerUnits: 0,
  peerStores: 0,
  peerTotalUnits: 0,
  ownTotalUnits: 0,
  searches: 0,
  unmet: 0,
  deliveredUnits: 0,
};

describe('demand', () => {
  it('keeps words for things and nothing that could name or reach a person', () => {
    expect(keptTerm('  Zapatillas   Rojas 38 ')).toBe('zapatillas rojas 38');
    expect(keptTerm('lucia@correo.example')).toBeNull();
    expect(keptTerm('612 345 678')).toBeNull();
    expect(keptTerm('12345678Z')).toBeNull();
    expect(keptTerm('x'.repeat(61))).toBeNull();
    expect(keptTerm(' ')).toBeNull();
  });

  it('puts a point into a cell whose middle is at most half a cell away', () => {
    fc.assert(
      fc.property(fc.double({ min: -180, max: 180, noNaN: true }), (degrees) => {
        expect(Math.abs(cellOf(degrees) - degrees)).toBeLessThanOrEqual(0.05 + 1e-9);
      }),
    );
  });
});

describe('the units a store would sell of what it does not carry', () => {
  it('are what others sell, scaled to its size', () => {
    expect(expectedUnits({ ...nothing, peerUnits: 40, peerStores: 2, peerTotalUnits: 2_000, ownTotalUnits: 500 })).toBe(
      10,
    );
  });

  it('grow with every kind of evidence, and are none without any', () => {
    expect(expectedUnits(nothing)).toBe(0);
    const evidence = fc.record({
      peerUnits: fc.nat(1_000),
      peerStores: fc.integer({ min: 1, max: 50 }),
      peerTotalUnits: fc.integer({ min: 1_000, max: 100_000 }),
      ownTotalUnits: fc.nat(10_000),
      searches: fc.nat(1_000),
      unmet: fc.nat(1_000),
      deliveredUnits: fc.nat(1_000),
    });
    fc.assert(
      fc.property(evidence, fc.constantFrom('peerUnits', 'unmet', 'deliveredUnits'), (e, field) => {
        expect(expectedUnits({ ...e, [field]: e[field as 'unmet'] + 100 })).toBeGreaterThanOrEqual(expectedUnits(e));
      }),
    );
  });

  it('come with the evidence in words', () => {
    expect(explainEvidence({ ...nothing, peerStores: 1, peerUnits: 7, searches: 9, unmet: 4 }, 28)).toBe(
      'In 28 days 1 other store sold 7, it was looked for 9 times around here, 4 times in vain.',
    );
  });
});
