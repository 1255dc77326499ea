import type { Message } from './facts.ts';
import type { Person } from './people.ts';
import type { Random } from './random.ts';
import { daysBefore, later } from './time.ts';

/** The shop wrote to those who agreed, every three weeks of late; who may be reached how, and who opens what, differs. */
const LETTERS = [
  { daysAgo: 61, template: 'dias-brezo', subject: 'Vuelven los Días Brezo: 20 % en hogar' },
  { daysAgo: 40, template: 'puntos-dobles', subject: 'Este fin de semana, puntos dobles' },
  { daysAgo: 19, template: 'invitacion-tienda', subject: 'Te invitamos a la presentación en tu tienda' },
] as const;

const OPENED: Record<Message['channel'], number> = { email: 0.34, push: 0.22, sms: 0.6 };
const CLICKED = 0.24;
/** Sent at eleven in the morning, in small waves. */
const HOUR_MINUTES = 11 * 60;
const WAVE_MINUTES = 40;

export function lettersTo(person: Person, anchor: Date, random: Random): Message[] {
  const channel = reachable(person);
  if (!person.marketing || !channel) return [];
  return LETTERS.filter(({ daysAgo }) => daysAgo < person.sinceDays).map(({ daysAgo, template, subject }) => {
    const at = later(daysBefore(anchor, daysAgo), HOUR_MINUTES + random.int(0, WAVE_MINUTES));
    return {
      externalId: `M-${person.externalId}-${daysAgo}`,
      who: { customer: person.externalId },
      channel,
      template,
      subject,
      at,
      outcomes: outcomes(at, OPENED[channel], random),
    };
  });
}

function reachable({ preferredChannel, email, phone, device }: Person): Message['channel'] | null {
  const can = { email: email !== null, sms: phone !== null, push: device !== null };
  return can[preferredChannel] ? preferredChannel : can.email ? 'email' : can.sms ? 'sms' : null;
}

function outcomes(at: Date, opened: number, random: Random): Message['outcomes'] {
  const result: Message['outcomes'] = [{ outcome: 'delivered', at: later(at, 1) }];
  if (!random.chance(opened)) return result;
  const openedAt = later(at, random.int(2, 1_500));
  result.push({ outcome: 'opened', at: openedAt });
  if (random.chance(CLICKED)) result.push({ outcome: 'clicked', at: later(openedAt, 1) });
  return result;
}
