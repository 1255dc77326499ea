import MailComposer from 'nodemailer/lib/mail-composer';
import type { Delivery, Outgoing } from './delivery.ts';
import { plainText } from './render.ts';
import { SmtpSession, type SmtpFailure } from './smtp-session.ts';

/** As many as a mail provider of ordinary size lets one client open. */
const MAX_SESSIONS = 5;

/** Sessions that are open and idle; they belong to one URL. */
let idle: SmtpSession[] = [];
let idleUrl = '';
let busy = 0;
const waiting: (() => void)[] = [];

/** Closes what is idle: open connections would keep the process alive. */
export function closeMail(): void {
  for (const session of idle) session.close();
  idle = [];
}

async function withSession<T>(url: string, work: (session: SmtpSession) => Promise<T>): Promise<T> {
  if (busy >= MAX_SESSIONS) await new Promise<void>((resolve) => waiting.push(resolve));
  busy++;
  try {
    if (url !== idleUrl) closeMail();
    idleUrl = url;
    idle = idle.filter((session) => session.usable);
    const session = idle.pop() ?? (await SmtpSession.open(url));
    const result = await work(session);
    if (session.usable && url === idleUrl) idle.push(session);
    return result;
  } finally {
    busy--;
    waiting.shift()?.();
  }
}

/** Hands one mail to the server of SMTP_URL; the environment is read at each use, so that a test can set its own. */
export async function sendMail(message: Outgoing): Promise<Delivery> {
  const url = process.env['SMTP_URL'];
  if (!url)
    return {
      kind: 'not-configured',
      reason: 'No mail server is configured. Set SMTP_URL (smtp://user:password@host:587) and retry the message.',
    };
  const from = process.env['MAIL_FROM'] ?? 'Trenza <no-reply@trenza.localhost>';
  const sender = /<([^>]+)>/.exec(from)?.[1] ?? from;
  // The same message always has the same id, so that a mailbox that gets it twice shows it once.
  const messageId = `<${message.messageId}@${sender.split('@')[1]}>`;
  const mail = await compose(message, from, messageId);
  try {
    await withSession(url, (session) => session.send(sender, message.address, mail));
    return { kind: 'sent', providerId: messageId };
  } catch (error) {
    return deliveryOf(error as SmtpFailure);
  }
}

const compose = (
  { address, subject, body, unsubscribeUrl }: Outgoing,
  from: string,
  messageId: string,
): Promise<Buffer> =>
  new MailComposer({
    from,
    to: { name: '', address },
    subject: subject ?? '',
    text: plainText(body),
    html: body,
    messageId,
    ...(unsubscribeUrl && {
      headers: { 'List-Unsubscribe': `<${unsubscribeUrl}>`, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' },
    }),
  })
    .compile()
    .build();

/** What a failure says about the fate of the message. */
function deliveryOf({ code, command, responseCode, dataBegun }: SmtpFailure): Delivery {
  if (responseCode) {
    const reason = `The mail server answered ${responseCode}${command ? ` to ${command}` : ''}.`;
    const permanent = responseCode >= 500;
    // A refusal of ourselves (AUTH) is a matter of configuration, not of this message.
    const ours = command?.startsWith('AUTH') ?? false;
    return { kind: 'refused', retry: !permanent || ours, bounced: permanent && command === 'RCPT TO', reason };
  }
  if (dataBegun)
    return {
      kind: 'unknown',
      reason: `The connection to the mail server broke (${code}) while it was taking the message. Nobody can tell whether it did.`,
    };
  return { kind: 'refused', retry: true, bounced: false, reason: `The mail server could not be reached (${code}).` };
}
