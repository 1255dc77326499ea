import { people, PEOPLE_FIELDS } from './people.ts';
import { qualityOf } from './quality.ts';

describe('matching of a shop’s ten thousand customers', () => {
  const { rows, truth } = people(10_000);
  const quality = qualityOf({ name: 'generated', rows, specs: PEOPLE_FIELDS, truth });

  it('takes hardly any two people for one', () => expect(quality.precision).toBeGreaterThan(0.99));

  it('merges nobody without asking who is somebody else', () => expect(quality.surePrecision).toBe(1));

  it('finds those again who moved house, or of whom little was written down', () => {
    expect(quality.recall).toBeGreaterThan(0.95);
  });
});
