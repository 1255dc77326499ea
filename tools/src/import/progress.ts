/** Says how far an import has come: one line that is written over in a terminal, a line every few seconds elsewhere. */
export interface Progress {
  update(text: string): void;
  /** The last state of a line that stays. */
  settle(text: string): void;
}

const TERMINAL_EVERY_MS = 200;
const LOG_EVERY_MS = 5_000;

export function progressTo(stream: NodeJS.WriteStream): Progress {
  const every = stream.isTTY ? TERMINAL_EVERY_MS : LOG_EVERY_MS;
  let last = Date.now();
  const put = (text: string, end: string): void =>
    void stream.write(stream.isTTY ? `\r\u001b[2K${text}${end}` : `${text}\n`);
  return {
    update(text) {
      if (Date.now() - last < every) return;
      last = Date.now();
      put(text, '');
    },
    settle: (text) => put(text, '\n'),
  };
}
