import { readdirSync, readFileSync } from 'node:fs';

/** Memory of processes and all their children, shared pages counted once (proportional set size), in MiB. Linux only. */
export function memoryOf(pids: readonly number[]): number {
  const parents = parentsOfAll();
  const family = new Set(pids);
  for (let grown = true; grown;) {
    grown = false;
    for (const [pid, parent] of parents) {
      if (family.has(parent) && !family.has(pid)) grown = Boolean(family.add(pid));
    }
  }
  return [...family].reduce((sum, pid) => sum + proportionalKib(pid), 0) / 1_024;
}

function parentsOfAll(): Map<number, number> {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return new Map(
    pids.flatMap((pid): [number, number][] => {
      try {
        // "pid (name) state parent …"; a name may hold spaces and brackets, so read from its end.
        const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
        return [[Number(pid), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])]];
      } catch {
        return [];
      }
    }),
  );
}

function proportionalKib(pid: number): number {
  try {
    return Number(/^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}
