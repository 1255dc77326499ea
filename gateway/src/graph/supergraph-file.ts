import { readFile } from 'node:fs/promises';
import { unwatchFile, watchFile } from 'node:fs';
import type { Logger } from 'pino';
import type { Counter } from 'prom-client';

export interface SupergraphFile {
  close(): void;
}

/**
 * Reads the file again whenever it changes, has it used. A supergraph that cannot be read or is not
 * valid is refused: it is reported, and the one in use stays.
 */
export function watchSupergraph(
  path: string,
  loaded: string,
  use: (sdl: string) => Promise<void>,
  reloads: Counter<'outcome'>,
  log: Logger,
  pollMs: number,
): SupergraphFile {
  let seen = loaded;
  let turn = Promise.resolve();
  const reload = async (): Promise<void> => {
    try {
      const sdl = await readFile(path, 'utf8');
      if (sdl === seen) return;
      seen = sdl;
      await use(sdl);
      reloads.inc({ outcome: 'accepted' });
      log.info({ path }, 'a new supergraph is in use');
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      reloads.inc({ outcome: 'refused' });
      log.error({ path, reason }, 'the new supergraph is refused; the one in use stays');
    }
  };
  const changed = (): void => {
    turn = turn.then(reload);
  };
  watchFile(path, { interval: pollMs, persistent: false }, changed);
  return { close: () => unwatchFile(path, changed) };
}
