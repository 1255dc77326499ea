import fc from 'fast-check';
import {
  acceptResponses,
  checkDefinition,
  commentOf,
  type Definition,
  pathOf,
  type Question,
  scoreOf,
  wordingIn,
} from './survey.ts';

const text = { es: '¿…?', en: '…?' };
const nps: Definition = {
  defaultLanguage: 'es',
  questions: [
    {
      id: 'score',
      kind: 'scale',
      text,
      min: 0,
      max: 10,
      scored: true,
      required: true,
      branches: [
        { atMost: 6, goto: 'wrong' },
        { atLeast: 9, goto: 'loved' },
      ],
    },
    { id: 'improve', kind: 'text', text, branches: [{ goto: 'end' }] },
    { id: 'wrong', kind: 'text', text },
    {
      id: 'call',
      kind: 'choice',
      text,
      options: [
        { id: 'yes', text },
        { id: 'no', text },
      ],
      branches: [{ goto: 'end' }],
    },
    { id: 'loved', kind: 'text', text },
  ],
};
const idsOf = (questions: Question[]): string[] => questions.map((q) => q.id);
const withQuestions = (questions: Question[]): Definition => ({ ...nps, questions });
const first = nps.questions[0]!;

describe('branching', () => {
  it('takes a detractor to what went wrong, a passive to what to improve, a promoter to what she loved', () => {
    expect(idsOf(pathOf(nps, { score: 3 }))).toEqual(['score', 'wrong', 'call']);
    expect(idsOf(pathOf(nps, { score: 7 }))).toEqual(['score', 'improve']);
    expect(idsOf(pathOf(nps, { score: 10 }))).toEqual(['score', 'loved']);
  });

  it('waits at a required question that is unanswered', () => {
    expect(idsOf(pathOf(nps, {}))).toEqual(['score']);
  });

  it('always ends, and asks no question twice', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10 }), fc.constantFrom('yes', 'no'), (score, call) => {
        const ids = idsOf(pathOf(nps, { score, call }));
        expect(new Set(ids).size).toBe(ids.length);
      }),
    );
  });
});

describe('answers', () => {
  it('off the way that the score takes are let go', () => {
    expect(acceptResponses(nps, { score: 10, wrong: 'tarde', loved: 'todo' }, true)).toEqual({
      score: 10,
      loved: 'todo',
    });
  });

  it('may be partial, but not complete without a required one', () => {
    expect(acceptResponses(nps, {}, false)).toEqual({});
    expect(() => acceptResponses(nps, {}, true)).toThrow('"score" must be answered');
  });

  it.each([
    [{ score: 11 }, 'OUT_OF_SCALE'],
    [{ score: 3.5 }, 'OUT_OF_SCALE'],
    [{ score: '3' }, 'OUT_OF_SCALE'],
    [{ score: 3, call: 'maybe' }, 'UNKNOWN_OPTION'],
    [{ score: 3, wrong: 'x'.repeat(5_001) }, 'TEXT_EXPECTED'],
    [{ other: 1 }, 'UNKNOWN_QUESTION'],
  ])('like %j are refused as %s', (responses, code) => {
    expect(() => acceptResponses(nps, responses, false)).toThrow(expect.objectContaining({ code }));
  });

  it('give the score and all that was written by hand', () => {
    const responses = { score: 3, wrong: 'Llegó tarde' };
    expect(scoreOf(nps, responses)).toBe(3);
    expect(commentOf(nps, responses)).toBe('Llegó tarde');
    expect(scoreOf(nps, {})).toBeNull();
  });
});

describe('definition', () => {
  it('of a good survey passes', () => {
    expect(() => checkDefinition('nps', nps)).not.toThrow();
  });

  it.each<[string, 'nps' | 'csat' | 'custom', Definition]>([
    ['QUESTION_COUNT', 'custom', withQuestions([])],
    [
      'QUESTION_ID',
      'nps',
      withQuestions([
        { ...first, branches: [] },
        { ...first, branches: [] },
      ]),
    ],
    ['QUESTION_ID', 'custom', withQuestions([{ id: 'end', kind: 'text', text }])],
    ['BRANCH_TARGET', 'nps', withQuestions([{ ...first, branches: [{ goto: 'score' }] }])],
    ['WORDING_MISSING', 'nps', withQuestions([{ ...first, text: { en: 'only English' }, branches: [] }])],
    ['SCORED_QUESTION', 'nps', withQuestions([{ id: 'a', kind: 'text', text }])],
    ['METRIC_SCALE', 'csat', withQuestions([{ ...first, branches: [] }])],
    ['OPTION_COUNT', 'custom', withQuestions([{ id: 'a', kind: 'choice', text, options: [{ id: 'x', text }] }])],
    ['SCALE', 'custom', withQuestions([{ id: 'a', kind: 'scale', text, min: 5, max: 5 }])],
  ])('is refused with %s (%s)', (code, metric, definition) => {
    expect(() => checkDefinition(metric, definition)).toThrow(expect.objectContaining({ code }));
  });

  it('falls back to the default language where a wording is missing', () => {
    expect(wordingIn({ es: 'hola', en: 'hello' }, 'pt', 'es')).toBe('hola');
    expect(wordingIn({ es: 'hola', en: 'hello' }, 'en', 'es')).toBe('hello');
  });
});
