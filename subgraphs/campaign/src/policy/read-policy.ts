import type { Context } from '@trenza/subgraph';
import { pageOf, type Connection } from '@trenza/values';
import { loadCustomerPages, type PageKey } from '../customers/customer-pages.ts';
import { saturation } from './contact-policy.ts';
import type { ContactAttempt, ContactSaturation } from './policy.type.ts';
import { standingsOf } from './standing.ts';

const DAY_MS = 86_400_000;

export async function loadSaturations(ids: readonly string[], ctx: Context): Promise<ContactSaturation[]> {
  const now = ctx.now();
  const standings = await standingsOf(ctx.database, ids, now);
  return ids.map((id) => {
    const { past, caps } = standings.get(id)!;
    return {
      score: saturation(now, past, caps),
      caps: caps.map((cap) => ({
        ...cap,
        used: past.filter(
          (p) =>
            (cap.channel === null || p.channel === cap.channel) && now.getTime() - p.at.getTime() < cap.days * DAY_MS,
        ).length,
      })),
    };
  });
}

interface AttemptRow {
  id: string;
  channel: string;
  purpose: string;
  decision: string;
  rule: string;
  reason: string;
  not_before: Date | null;
  actor: string;
  message_id: string | null;
  campaign_id: string | null;
  reached: boolean;
  at: Date;
}

const attemptFrom = ({
  not_before: notBefore,
  message_id: messageId,
  campaign_id: campaignId,
  ...row
}: AttemptRow): ContactAttempt => ({
  ...row,
  notBefore,
  messageId,
  campaignId,
});

export async function loadAttemptPages(keys: readonly PageKey[], ctx: Context): Promise<Connection<ContactAttempt>[]> {
  const pages = await loadCustomerPages<AttemptRow>(ctx, keys, {
    name: 'customer-attempts',
    source: 'contact_attempt',
    time: 'at',
  });
  return keys.map(({ first, after }, i) =>
    pageOf(pages[i]!, first, attemptFrom, (row) => [row.at, row.id], after !== null),
  );
}
