import fc from 'fast-check';
import { completenessOf, nextQuestion, type Asked, type Question } from './next-question.ts';

const question = (field: string, value: number): Question => ({ field, value, reason: 'r', es: '', en: '', pt: '' });
const NOW = new Date('2026-03-02T10:00:00Z');
const daysAgo = (days: number): Date => new Date(NOW.getTime() - days * 86_400_000);
const LIST = [question('city', 1), question('email', 10), question('birthDate', 6)];

it('asks for what is worth the most of what is missing', () => {
  expect(nextQuestion(LIST, new Set(), [], NOW)?.field).toBe('email');
  expect(nextQuestion(LIST, new Set(['email']), [], NOW)?.field).toBe('birthDate');
  expect(nextQuestion(LIST, new Set(['email', 'birthDate', 'city']), [], NOW)).toBeNull();
});

it('asks again after a month where she gave no answer, and never where she refused', () => {
  const asked = (days: number, refused: boolean): Asked[] => [
    { field: 'email', askedAt: daysAgo(days), refusedAt: refused ? daysAgo(days) : null },
  ];
  expect(nextQuestion(LIST, new Set(), asked(29, false), NOW)?.field).toBe('birthDate');
  expect(nextQuestion(LIST, new Set(), asked(31, false), NOW)?.field).toBe('email');
  expect(nextQuestion(LIST, new Set(), asked(4_000, true), NOW)?.field).toBe('birthDate');
});

it('is complete when everything is known, whatever the list, and each answer brings her closer', () => {
  const lists = fc.uniqueArray(fc.tuple(fc.string({ minLength: 1 }), fc.integer({ min: 1, max: 100 })), {
    selector: ([field]) => field,
    minLength: 1,
    maxLength: 12,
  });
  fc.assert(
    fc.property(lists, (list) => {
      const questions = list.map(([field, value]) => question(field, value));
      const held = new Set<string>();
      let before = completenessOf(questions, held);
      expect(before).toBe(0);
      for (let next = nextQuestion(questions, held, [], NOW); next; next = nextQuestion(questions, held, [], NOW)) {
        held.add(next.field);
        const after = completenessOf(questions, held);
        expect(after).toBeGreaterThan(before);
        before = after;
      }
      expect(before).toBe(1);
    }),
  );
});
