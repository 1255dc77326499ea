import { createTransport, type Transporter } from 'nodemailer';
import type { Delivery, Outgoing } from './delivery.ts';
import { plainText } from './render.ts';

/** As many as a mail provider of ordinary size lets one client open. */
const MAX_CONNECTIONS = 5;
/** A server that is silent for this long has gone; the dispatch of all others waits on it. */
const TIMEOUT_MS = 10_000;

let pool: { url: string; transport: Transporter } | undefined;

/** One pool per SMTP_URL; the environment is read at each use, so that a secret can be rotated by a restart and a test can set its own. */
function transportFor(url: string): Transporter {
  if (pool?.url !== url) {
    pool?.transport.close();
    const options = {
      url,
      pool: true,
      maxConnections: MAX_CONNECTIONS,
      connectionTimeout: TIMEOUT_MS,
      greetingTimeout: TIMEOUT_MS,
      socketTimeout: TIMEOUT_MS,
    };
    pool = { url, transport: createTransport(options) };
  }
  return pool.transport;
}

/** Closes the pool: its idle connections would keep the process alive. */
export function closeMail(): void {
  pool?.transport.close();
  pool = undefined;
}

export async function sendMail(message: Outgoing): Promise<Delivery> {
  const url = process.env['SMTP_URL'];
  if (!url)
    return {
      kind: 'not-configured',
      reason: 'No mail server is configured. Set SMTP_URL (smtp://user:password@host:587) and retry the message.',
    };
  const from = process.env['MAIL_FROM'] ?? 'Trenza <no-reply@trenza.localhost>';
  const domain = /@([^>\s]+)/.exec(from)?.[1] ?? 'trenza.localhost';
  try {
    const sent = (await transportFor(url).sendMail({
      from,
      to: { name: '', address: message.address },
      subject: message.subject ?? '',
      text: plainText(message.body),
      html: message.body,
      // The same message always has the same id, so that a mailbox that gets it twice shows it once.
      messageId: `<${message.messageId}@${domain}>`,
      ...(message.unsubscribeUrl && {
        headers: {
          'List-Unsubscribe': `<${message.unsubscribeUrl}>`,
          'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
        },
      }),
    })) as { messageId: string };
    return { kind: 'sent', providerId: sent.messageId };
  } catch (error) {
    return deliveryOf(error as SmtpError);
  }
}

export interface SmtpError extends Error {
  code?: string;
  command?: string;
  responseCode?: number;
}

/** Steps before the server could have taken the message: an error there means that nothing was sent. */
const BEFORE_DATA = new Set(['CONN', 'EHLO', 'HELO', 'STARTTLS', 'AUTH', 'MAIL FROM', 'RCPT TO', 'API']);
const NEVER_CONNECTED = new Set(['EDNS', 'ECONNECTION', 'EAUTH', 'ETLS']);

/** What an error says about the fate of the message. */
export function deliveryOf({ code, command, responseCode, message }: SmtpError): Delivery {
  const step = command?.startsWith('AUTH') ? 'AUTH' : command;
  // The answer may quote the recipient: only its code is kept.
  const reason = responseCode
    ? `The mail server answered ${responseCode}${step ? ` to ${step}` : ''}.`
    : `The mail server could not be reached (${code ?? message.slice(0, 80)}).`;
  if (responseCode && responseCode >= 500) {
    const bounced = step === 'RCPT TO' || code === 'EENVELOPE';
    // A refusal of ourselves (AUTH) is a matter of configuration, not of this message.
    return { kind: 'refused', retry: step === 'AUTH', bounced, reason };
  }
  if (responseCode) return { kind: 'refused', retry: true, bounced: false, reason };
  if (code && NEVER_CONNECTED.has(code)) return { kind: 'refused', retry: true, bounced: false, reason };
  if (step && BEFORE_DATA.has(step)) return { kind: 'refused', retry: true, bounced: false, reason };
  return { kind: 'unknown', reason: `${reason} Nobody can tell whether it took the message.` };
}
