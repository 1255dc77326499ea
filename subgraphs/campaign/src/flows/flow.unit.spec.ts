import { faultOf, moveFrom, type Step } from './flow.ts';

const NOW = new Date('2026-03-02T10:00:00Z');
const send = { send: { templateId: 't', channel: 'email' } };

describe('a flow', () => {
  it('with steps that are unknown, empty, doubled or lead back is refused, telling which', () => {
    expect(faultOf([])).toContain('1 to 30 steps');
    expect(faultOf([{ wait: { hours: 1 }, end: true }])).toContain('Step 0: it has exactly one');
    expect(faultOf([send, { wait: { hours: 0 } }])).toContain('Step 1: it waits');
    expect(faultOf([send, { branch: { if: { everyone: true }, then: 0, else: 2 } }])).toContain('later steps');
    expect(faultOf([{ split: { parts: [{ share: 0.5, go: 1 }] } }])).toContain('sum to 1');
    expect(faultOf([{ dance: true }])).toContain('"dance" is no kind of step');
    expect(faultOf([send, { branch: { if: { everyone: true }, then: 2, else: 3 } }, send])).toBeUndefined();
  });

  it('goes step by step and ends after the last', () => {
    const steps: Step[] = [send, { wait: { hours: 2 } }, { end: true }];
    expect(moveFrom(steps, 0, NOW, 'a')).toMatchObject({ kind: 'send', next: 1 });
    expect(moveFrom(steps, 1, NOW, 'a')).toEqual({ kind: 'wait', next: 2, until: new Date('2026-03-02T12:00:00Z') });
    expect(moveFrom(steps, 2, NOW, 'a')).toEqual({ kind: 'end' });
    expect(moveFrom(steps, 3, NOW, 'a')).toEqual({ kind: 'end' });
  });

  it('splits by the shares, the same people the same way whenever it is asked', () => {
    const steps: Step[] = [
      {
        split: {
          parts: [
            { share: 0.3, go: 1 },
            { share: 0.7, go: 2 },
          ],
        },
      },
      send,
      send,
    ];
    const ways = Array.from({ length: 3_000 }, (_, i) => moveFrom(steps, 0, NOW, `person ${i}`));
    const first = ways.filter((w) => w.kind === 'go' && w.next === 1).length;
    expect(Math.abs(first / 3_000 - 0.3)).toBeLessThan(0.03);
    expect(Array.from({ length: 3_000 }, (_, i) => moveFrom(steps, 0, NOW, `person ${i}`))).toEqual(ways);
  });
});
