/** What an associate did, as an event tells. */
export interface Deed {
  /** 'answer:<id>', 'task:<id>' …: earns once. */
  source: string;
  kind: string;
  associateId: string;
  storeId: string | null;
  /** The customer it was about. */
  customerId: string | null;
  occurredAt: Date;
}

export interface StaffRule {
  kind: string;
  points: number;
  capPerDay: number;
  sameCustomerDays: number;
  pendingDays: number;
}

export type StaffReason = 'awarded' | 'capped' | 'cap-reached' | 'same-customer' | 'no-rule';

export interface StaffAward {
  deed: Deed;
  points: number;
  reason: StaffReason;
  pendingDays: number;
}

/** What was awarded before: enough to keep the limits. */
export interface StaffHistory {
  /** Points by `associate/kind/day`. */
  pointsOfDay: ReadonlyMap<string, number>;
  /** The last award by `associate/kind/customer`. */
  lastOfCustomer: ReadonlyMap<string, Date>;
}

export const dayKey = ({ associateId, kind }: Pick<Deed, 'associateId' | 'kind'>, day: string): string =>
  `${associateId}/${kind}/${day}`;
export const customerKey = ({ associateId, kind, customerId }: Deed): string => `${associateId}/${kind}/${customerId}`;

const DAY_MS = 86_400_000;

/** What deeds earn, in the order in which they happened: each counts against the limits of those after it. */
export function decideDeeds(
  deeds: readonly Deed[],
  rules: readonly StaffRule[],
  history: StaffHistory,
  dayOf: (at: Date) => string,
): StaffAward[] {
  const pointsOfDay = new Map(history.pointsOfDay);
  const lastOfCustomer = new Map(history.lastOfCustomer);
  return [...deeds]
    .sort((a, b) => a.occurredAt.getTime() - b.occurredAt.getTime())
    .map((deed): StaffAward => {
      const rule = rules.find((candidate) => candidate.kind === deed.kind);
      const none = (reason: StaffReason): StaffAward => ({ deed, points: 0, reason, pendingDays: 0 });
      if (!rule) return none('no-rule');
      const last = deed.customerId === null ? undefined : lastOfCustomer.get(customerKey(deed));
      if (last && Math.abs(deed.occurredAt.getTime() - last.getTime()) < rule.sameCustomerDays * DAY_MS)
        return none('same-customer');
      const day = dayKey(deed, dayOf(deed.occurredAt));
      const points = Math.min(rule.points, rule.capPerDay - (pointsOfDay.get(day) ?? 0));
      if (points <= 0) return none('cap-reached');
      pointsOfDay.set(day, (pointsOfDay.get(day) ?? 0) + points);
      if (deed.customerId !== null) lastOfCustomer.set(customerKey(deed), deed.occurredAt);
      return { deed, points, reason: points < rule.points ? 'capped' : 'awarded', pendingDays: rule.pendingDays };
    });
}
