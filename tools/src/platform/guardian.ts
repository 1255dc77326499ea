import { spawn, type ChildProcess } from 'node:child_process';
import { endChild, type Running } from './supervised.ts';

/**
 * PostgreSQL and NATS run in process groups of their own, so that a signal to ours lets the services drain before their databases go. When the
 * supervisor is killed nobody would stop them: a shell waits for the end of its input, which comes when the supervisor is gone, and does.
 */
const WAIT_AND_STOP = 'read -r _; kill -INT "$0" 2>/dev/null';

function guard(child: ChildProcess): ChildProcess {
  const guardian = spawn('sh', ['-c', WAIT_AND_STOP, String(child.pid)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  guardian.on('error', () => undefined);
  guardian.unref();
  child.once('exit', () => guardian.kill('SIGKILL'));
  return guardian;
}

/** The same process, stopped by its guardian when we are no more, and by force when it does not stop in time. */
export function guarded({ process }: { process: ChildProcess }, withinMs: number): Running {
  guard(process);
  // SIGINT: PostgreSQL ends its sessions and writes everything down ("fast"), NATS closes its store.
  return { process, stop: () => endChild(process, 'SIGINT', withinMs) };
}
