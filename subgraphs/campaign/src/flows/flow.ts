import { createHash } from 'node:crypto';
import type { Rule } from '../segments/rule.ts';

/** What begins a flow, and what ends it for her. */
export type Trigger =
  'cart-abandoned' | 'order-completed' | 'case-opened' | 'tier-changed' | 'store-visited' | 'consent-granted';

/** Each step has exactly one of the fields. `go` and the like are the places of later steps, from 0; the end is one past the last. */
export interface Step {
  wait?: { hours: number };
  send?: { templateId: string; channel: string; purpose?: string };
  /** Somebody in her store, or in customer care, goes on where the channels left off. */
  task?: { kind: string; reason: string; script: string; hours: number };
  branch?: { if: Rule; then: number; else: number };
  split?: { parts: { share: number; go: number }[] };
  end?: true;
}

export const MAX_STEPS = 30;
/** A flow that waits longer is another flow. */
const MAX_WAIT_HOURS = 24 * 90;
const HOUR_MS = 3_600_000;

/** What is wrong with the steps, or undefined. Jumps go forward only, so every flow ends. */
export function faultOf(steps: unknown): string | undefined {
  if (!Array.isArray(steps) || steps.length === 0 || steps.length > MAX_STEPS)
    return `A flow is a list of 1 to ${MAX_STEPS} steps.`;
  for (const [at, step] of (steps as Step[]).entries()) {
    const fault = faultOfStep(step, at, steps.length);
    if (fault) return `Step ${at}: ${fault}`;
  }
  return undefined;
}

function faultOfStep(step: Step, at: number, end: number): string | undefined {
  const fields = typeof step === 'object' && step !== null ? Object.keys(step) : [];
  if (fields.length !== 1)
    return `it has exactly one of wait, send, task, branch, split and end, this one has ${fields.join(', ') || 'none'}.`;
  const { wait, send, task, branch, split } = step;
  const later = (go: unknown) => Number.isInteger(go) && (go as number) > at && (go as number) <= end;
  if (wait)
    return wait.hours > 0 && wait.hours <= MAX_WAIT_HOURS
      ? undefined
      : `it waits 1 to ${MAX_WAIT_HOURS} hours, not ${wait.hours}.`;
  if (send) return send.templateId && send.channel ? undefined : 'a message needs templateId and channel.';
  if (task)
    return task.reason && task.script && task.hours > 0 ? undefined : 'a task needs kind, reason, script and hours.';
  if (branch)
    return later(branch.then) && later(branch.else) ? undefined : 'then and else are the places of later steps.';
  if (split) {
    const shares = Array.isArray(split.parts) ? split.parts.reduce((sum, p) => sum + p.share, 0) : 0;
    return Math.abs(shares - 1) < 1e-9 && split.parts.every((p) => p.share > 0 && later(p.go))
      ? undefined
      : 'parts have shares that sum to 1 and go to later steps.';
  }
  return step.end === true ? undefined : `"${fields[0]}" is no kind of step.`;
}

/** What has to be done next for somebody in a flow. */
export type Move =
  | { kind: 'wait'; next: number; until: Date }
  | { kind: 'send'; next: number; send: NonNullable<Step['send']> }
  | { kind: 'task'; next: number; task: NonNullable<Step['task']> }
  | { kind: 'ask'; branch: NonNullable<Step['branch']> }
  | { kind: 'go'; next: number }
  | { kind: 'end' };

/** One step on. Who goes where in a split follows from her id and the flow's: the same whenever it is asked. */
export function moveFrom(steps: readonly Step[], at: number, now: Date, who: string): Move {
  const step = steps[at];
  if (!step || step.end) return { kind: 'end' };
  const next = at + 1;
  if (step.wait) return { kind: 'wait', next, until: new Date(now.getTime() + step.wait.hours * HOUR_MS) };
  if (step.send) return { kind: 'send', next, send: step.send };
  if (step.task) return { kind: 'task', next, task: step.task };
  if (step.branch) return { kind: 'ask', branch: step.branch };
  let drawn = createHash('md5').update(`${who} ${at}`).digest().readUInt32BE(0) / 2 ** 32;
  const part = step.split!.parts.find(({ share }) => (drawn -= share) < 0) ?? step.split!.parts.at(-1)!;
  return { kind: 'go', next: part.go };
}
