import fc from 'fast-check';
import { componentsOf, edgesToCut, type Edge } from './components.ts';

const profile = (n: number): string => `p${String(n).padStart(3, '0')}`;
const PROFILES = Array.from({ length: 12 }, (_, n) => profile(n));
const pair = fc.uniqueArray(fc.nat(PROFILES.length - 1), { minLength: 2, maxLength: 2 });
const edges = fc
  .array(pair, { maxLength: 30 })
  .map((pairs) =>
    pairs.map(([x, y], n): Edge => ({ id: `e${String(n).padStart(3, '0')}`, a: profile(x!), b: profile(y!) })),
  );

describe('components', () => {
  it('are named by their smallest profile, whatever the order of the edges', () => {
    fc.assert(
      fc.property(edges, fc.nat(), (list, seed) => {
        const shuffled = list.toSorted((x, y) => ((x.id.charCodeAt(3) * seed) % 7) - ((y.id.charCodeAt(3) * seed) % 7));
        const customers = componentsOf(PROFILES, list);
        expect(componentsOf(PROFILES, shuffled)).toEqual(customers);
        for (const [member, customer] of customers) {
          expect(customer <= member).toBe(true);
          expect(customers.get(customer)).toBe(customer);
        }
        for (const { a, b } of list) expect(customers.get(a)).toBe(customers.get(b));
      }),
    );
  });
});

describe('taking customers apart', () => {
  it('leaves no way between the two sides, and cuts nothing within either of them', () => {
    fc.assert(
      fc.property(edges, pair, (list, [x, y]) => {
        const cut = new Set(edgesToCut(list, [profile(x!)], [profile(y!)]));
        const left = list.filter((edge) => !cut.has(edge));
        const customers = componentsOf(PROFILES, left);
        expect(customers.get(profile(x!))).not.toBe(customers.get(profile(y!)));
        const before = componentsOf(PROFILES, list);
        if (before.get(profile(x!)) !== before.get(profile(y!))) expect(cut.size).toBe(0);
        // Everybody of the old customer is on one side or the other: nobody falls out.
        for (const p of PROFILES.filter((p) => before.get(p) === before.get(profile(x!)) && cut.size > 0)) {
          expect([customers.get(profile(x!)), customers.get(profile(y!))]).toContain(customers.get(p));
        }
      }),
    );
  });

  it('undoes a merge exactly', () => {
    fc.assert(
      fc.property(edges, pair, (list, [x, y]) => {
        const before = componentsOf(PROFILES, list);
        const [into, merged] = [before.get(profile(x!))!, before.get(profile(y!))!];
        fc.pre(into !== merged);
        const of = (customer: string) => PROFILES.filter((p) => before.get(p) === customer);
        const joined = [...list, { id: 'e999', a: into, b: merged }];
        const cut = new Set(edgesToCut(joined, of(into), of(merged)));
        expect(
          componentsOf(
            PROFILES,
            joined.filter((edge) => !cut.has(edge)),
          ),
        ).toEqual(before);
      }),
    );
  });

  it('leaves who came later with the side she came to first', () => {
    const list = [
      { id: '1', a: 'a', b: 'b' },
      { id: '2', a: 'b', b: 'c' },
      { id: '3', a: 'a', b: 'c' },
    ];
    expect(edgesToCut(list, ['a'], ['b']).map((e) => e.id)).toEqual(['1', '3']);
  });
});
