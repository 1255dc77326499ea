import { SMTPServer } from 'smtp-server';
import type { AddressInfo } from 'node:net';

interface Mail {
  to: string[];
  raw: string;
}

export interface Mailbox {
  url: string;
  mails: Mail[];
  /** Answers RCPT TO with this code for addresses that contain the text. */
  refuse(text: string, code: number): void;
  /** The next DATA is taken and the connection dies before the answer. */
  dropAfterData(): void;
  close(): Promise<void>;
}

/** A real SMTP server on a port of its own that keeps what it is given. */
export async function openMailbox(): Promise<Mailbox> {
  const mails: Mail[] = [];
  const refused = new Map<string, number>();
  let drop = false;
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onRcptTo({ address }, _session, done) {
      const code = [...refused].find(([text]) => address.includes(text))?.[1];
      done(code ? Object.assign(new Error('no'), { responseCode: code }) : undefined);
    },
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        mails.push({ to: session.envelope.rcptTo.map((r) => r.address), raw: Buffer.concat(chunks).toString() });
        if (!drop) return done();
        drop = false;
        for (const connection of (server as unknown as { connections: Set<{ _socket: { destroy(): void } }> })
          .connections)
          connection['_socket'].destroy();
      });
    },
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  const { port } = (server as unknown as { server: { address(): AddressInfo } }).server.address();
  return {
    url: `smtp://127.0.0.1:${port}`,
    mails,
    refuse: (text, code) => void refused.set(text, code),
    dropAfterData: () => {
      drop = true;
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
