import SMTPConnection from 'nodemailer/lib/smtp-connection';
import { parseConnectionUrl } from 'nodemailer/lib/shared';
import { Readable } from 'node:stream';

/** A server that is silent for this long has gone; the dispatch of all others waits on it. */
const TIMEOUT_MS = 10_000;

/** What the server said, or that it said nothing, and whether it could have taken the mail by then. */
export interface SmtpFailure {
  responseCode?: number;
  command?: string;
  code: string;
  /** The mail itself was being handed over: without an answer nobody can tell whether it was taken. */
  dataBegun: boolean;
}

/**
 * One connection to a mail server. nodemailer's own pool is not used on purpose: it sends a message again by itself when a connection breaks, also
 * after the server may have taken it, and its errors don't tell the one from the other.
 */
export class SmtpSession {
  private constructor(private readonly connection: SMTPConnection) {}

  static async open(url: string): Promise<SmtpSession> {
    const { auth, ...options } = parseConnectionUrl(url);
    const timeouts = {
      connectionTimeout: TIMEOUT_MS,
      greetingTimeout: TIMEOUT_MS,
      socketTimeout: TIMEOUT_MS,
      dnsTimeout: TIMEOUT_MS,
    };
    const connection = new SMTPConnection({ ...options, ...timeouts });
    // Errors reach whoever waits for an answer; when nobody does, the session is merely over.
    connection.on('error', () => undefined);
    await settled((done) => connection.connect(done)).catch(notBegun(connection));
    if (auth?.user)
      await settled((done) => connection.login({ user: auth.user, pass: auth.pass }, done)).catch(notBegun(connection));
    return new SmtpSession(connection);
  }

  get usable(): boolean {
    return !this.connection.destroyed;
  }

  /** Resolves when the server has taken the mail. Rejects with an `SmtpFailure`; the session is then closed. */
  async send(from: string, to: string, mail: Buffer): Promise<void> {
    let dataBegun = false;
    // Read lazily: the connection pulls it only once sender and recipient are accepted.
    const body = Readable.from(
      (function* () {
        dataBegun = true;
        yield mail;
      })(),
    );
    try {
      await settled((done) => this.connection.send({ from, to: [to], size: mail.length }, body, done));
    } catch (error) {
      this.close();
      throw failure(error as Error, dataBegun);
    }
  }

  close(): void {
    this.connection.close();
  }
}

const settled = (start: (done: (error?: Error | null) => void) => void): Promise<void> =>
  new Promise((resolve, reject) => start((error) => (error ? reject(error) : resolve())));

const notBegun = (connection: SMTPConnection) => (error: Error) => {
  connection.close();
  throw failure(error, false);
};

class SmtpError extends Error implements SmtpFailure {
  code: string;
  responseCode?: number;
  command?: string;
  dataBegun: boolean;
}

/** The message of the original may quote the recipient: only codes are kept. */
function failure(error: Error & Partial<SmtpFailure>, dataBegun: boolean): SmtpError {
  const { code = 'ESMTP', responseCode, command } = error;
  return Object.assign(new SmtpError(code), {
    code,
    dataBegun,
    ...(responseCode && { responseCode }),
    ...(command && { command }),
  });
}
