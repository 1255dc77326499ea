import { byPriority, keyOf, NATURE, type Identifier, type IdentifierRules } from '../identifiers/identifier.ts';
import { Components } from './components.ts';
import { contradict, type Features } from './contradiction.ts';

/** Somebody was seen: with these identifiers, at this time, by this source. */
export interface Sighting extends Features {
  identifiers: readonly Identifier[];
  /** The profile, where the caller knows it already. */
  profileId?: string;
  /** The record of a source is the profile of that record, whatever else it carries. */
  home?: Identifier;
  source: string;
  occurredAt: Date;
  /** Somebody said on purpose that these belong together: limits do not apply, a `cannot-link` still does. */
  deliberate?: boolean;
}

export interface Owner {
  profileId: string;
  shared: boolean;
  sharedProfileId: string | null;
}

/** A customer as far as resolution has to know her. */
export interface Component extends Features {
  profileIds: readonly string[];
  identifiers: readonly (Identifier & { firstSeenAt: Date })[];
}

/** What the database holds about the identifiers of the sightings. */
export interface Known {
  owners: ReadonlyMap<string, Owner>;
  erased: ReadonlySet<string>;
  /** Those that somebody said identify nobody. */
  blocked: ReadonlySet<string>;
  rules: IdentifierRules;
  /** profile → customer, of every profile that owns one of the identifiers or was named by a sighting. */
  customers: ReadonlyMap<string, string>;
  /** customer → what she consists of. */
  components: ReadonlyMap<string, Component>;
  cannotLink: readonly (readonly [string, string])[];
}

export interface NewProfile {
  id: string;
  known: boolean;
  source: string;
  seenAt: Date;
}
export type NewIdentifier = Identifier & { profileId: string; seenAt: Date };
export interface NewEdge {
  id: string;
  a: string;
  b: string;
  kind: 'identifier' | 'alias';
  evidence: Identifier;
}
/** Two customers that existed before became one. */
export interface Merge {
  into: string;
  merged: string;
  intoProfiles: string[];
  mergedProfiles: string[];
}

export interface Placement {
  profileId: string;
  warnings: string[];
  /** True where this sighting taught us an identifier. */
  news: boolean;
}
export type Refusal = {
  refused: 'NO_IDENTIFIER' | 'BLOCKED_IDENTIFIER' | 'ERASED' | 'PROFILE_UNKNOWN';
  message: string;
};

const DAY_MS = 86_400_000;

/** Decides sighting by sighting who was seen, and keeps account of everything that has to be written. It reads and writes nothing. */
export class Planner {
  readonly profiles: NewProfile[] = [];
  readonly identifiers: NewIdentifier[] = [];
  readonly edges: NewEdge[] = [];
  readonly merges: Merge[] = [];
  /** Identifiers found to be used by several people; the value is the profile of the line itself, where one was needed. */
  readonly shared = new Map<string, Identifier & { sharedProfileId: string | null }>();

  /** Who was seen with an identifier that several people use, and was not linked by it. */
  readonly unlinked: NewIdentifier[] = [];

  readonly #owners: Map<string, Owner>;
  readonly #sets = new Components();
  readonly #parts = new Map<string, Component>();
  readonly #old = new Set<string>();

  constructor(
    private readonly known: Known,
    private readonly newId: () => string,
  ) {
    this.#owners = new Map(known.owners);
    for (const [customer, part] of known.components) {
      for (const profile of part.profileIds) this.#sets.union(customer, profile);
      this.#parts.set(this.#sets.find(customer), part);
      this.#old.add(customer);
    }
    for (const [profile, customer] of known.customers) this.#sets.union(profile, customer);
  }

  customerOf(profileId: string): string {
    return this.#sets.find(profileId);
  }

  /** All profiles of the customers whose membership this plan changed or created. */
  changed(): Map<string, readonly string[]> {
    const touched = [...this.profiles.map((p) => p.id), ...this.edges.map((e) => e.a)];
    return new Map(touched.map((id) => [this.#sets.find(id), this.#part(id).profileIds]));
  }

  place(sighting: Sighting): Placement | Refusal {
    const usable = sighting.identifiers
      .filter((i) => !this.known.erased.has(keyOf(i)) && !this.known.blocked.has(keyOf(i)))
      .toSorted(byPriority(this.known.rules));
    const refusal = this.#refuse(sighting, usable);
    if (refusal) return refusal;
    const before = this.identifiers.length + this.edges.length + this.profiles.length;
    const warnings = sighting.identifiers
      .filter((i) => this.known.blocked.has(keyOf(i)))
      .map((i) => `The ${i.type} was not used: it is blocked and identifies nobody.`);
    const profileId = sighting.profileId ?? this.#home(sighting, usable, warnings);
    for (const identifier of usable) this.#add(profileId, identifier, sighting, warnings);
    const news = this.identifiers.length + this.edges.length + this.profiles.length > before;
    return { profileId, warnings, news };
  }

  #refuse({ profileId, identifiers }: Sighting, usable: readonly Identifier[]): Refusal | undefined {
    if (profileId) {
      if (this.known.customers.has(profileId)) return undefined;
      return {
        refused: 'PROFILE_UNKNOWN',
        message: `No profile ${profileId} exists. Call identify first and use the id it returns.`,
      };
    }
    // A mailbox or a card is she; a browser may be somebody else's by now.
    const erased = identifiers.filter((i) => this.known.erased.has(keyOf(i)));
    if (usable.length > 0 && !erased.some((i) => !NATURE[i.type].weak)) return undefined;
    if (erased.length > 0) {
      return {
        refused: 'ERASED',
        message:
          'Whom these identifiers mean was erased at her request. Nothing was stored; if she comes back herself, lift the erasure.',
      };
    }
    if (identifiers.length > 0) {
      return {
        refused: 'BLOCKED_IDENTIFIER',
        message:
          'All identifiers given are blocked and identify nobody. Nothing was stored; give another one, such as a cookie.',
      };
    }
    return {
      refused: 'NO_IDENTIFIER',
      message: 'No usable identifier was given. Give at least one, such as a cookie or an e-mail.',
    };
  }

  /** Whose sighting is it? The strongest identifier decides; if it is new, a weaker one that is known may. */
  #home(sighting: Sighting, usable: readonly Identifier[], warnings: string[]): string {
    const linking = usable.filter((i) => !this.#owners.get(keyOf(i))?.shared);
    if (linking.length === 0) return this.#lineOf(usable[0]!, sighting);
    const home =
      usable.find((i) => sighting.home && keyOf(i) === keyOf(sighting.home)) ??
      linking.toSorted(byPriority(this.known.rules))[0]!;
    const candidates = NATURE[home.type].naming
      ? [home]
      : linking.filter((i) => NATURE[home.type].weak || !NATURE[i.type].weak);
    for (const identifier of candidates) {
      const owner = this.#owners.get(keyOf(identifier));
      if (!owner) continue;
      if (!this.#strangers(identifier, sighting, this.#part(owner.profileId))) return owner.profileId;
      this.#share(identifier, warnings);
    }
    return this.#open(
      sighting,
      usable.some((i) => !NATURE[i.type].weak),
    );
  }

  #add(profileId: string, identifier: Identifier, sighting: Sighting, warnings: string[]): void {
    const owner = this.#owners.get(keyOf(identifier));
    if (!owner) this.#attach(profileId, identifier, sighting, warnings);
    else if (this.#sets.together(owner.profileId, profileId)) return;
    else if (owner.shared) this.unlinked.push({ ...identifier, profileId, seenAt: sighting.occurredAt });
    else this.#link(profileId, owner.profileId, identifier, sighting, warnings);
  }

  #attach(profileId: string, identifier: Identifier, sighting: Sighting, warnings: string[]): void {
    const part = this.#part(profileId);
    const { limit } = this.known.rules[identifier.type];
    if (!sighting.deliberate && this.#count(part, identifier.type, sighting.occurredAt) >= limit) {
      warnings.push(
        `She has ${limit} ${identifier.type} identifiers already, so the new one was recorded but does not identify her.`,
      );
      return;
    }
    const seenAt = sighting.occurredAt;
    this.identifiers.push({ ...identifier, profileId, seenAt });
    this.#owners.set(keyOf(identifier), { profileId, shared: false, sharedProfileId: null });
    this.#parts.set(this.#sets.find(profileId), {
      ...part,
      identifiers: [...part.identifiers, { ...identifier, firstSeenAt: seenAt }],
    });
  }

  #link(profileId: string, other: string, evidence: Identifier, sighting: Sighting, warnings: string[]): void {
    const [mine, hers] = [this.#part(profileId), this.#part(other)];
    const reason = this.#whyNot(mine, hers, evidence, sighting);
    if (reason) {
      warnings.push(`The ${evidence.type} did not link two customers: ${reason}.`);
      if (NATURE[evidence.type].shareable) this.#share(evidence, []);
      return;
    }
    const [a, b] = [profileId, other].toSorted() as [string, string];
    this.edges.push({ id: this.newId(), a, b, kind: sighting.deliberate ? 'alias' : 'identifier', evidence });
    this.#join(profileId, other, mine, hers);
  }

  #join(x: string, y: string, mine: Component, hers: Component): void {
    const [was, other] = [this.#sets.find(x), this.#sets.find(y)];
    const into = this.#sets.union(x, y);
    const [kept, gone] = into === was ? [mine, hers] : [hers, mine];
    const merged = into === was ? other : was;
    this.#parts.delete(merged);
    this.#parts.set(into, {
      profileIds: [...kept.profileIds, ...gone.profileIds].toSorted(),
      identifiers: [...kept.identifiers, ...gone.identifiers],
      givenNames: [...kept.givenNames, ...gone.givenNames],
      birthDates: [...kept.birthDates, ...gone.birthDates],
    });
    if (this.#old.has(into) && this.#old.has(merged)) {
      this.merges.push({ into, merged, intoProfiles: [...kept.profileIds], mergedProfiles: [...gone.profileIds] });
    }
  }

  #whyNot(mine: Component, hers: Component, evidence: Identifier, sighting: Sighting): string | undefined {
    const forbidden = this.known.cannotLink.some(
      ([a, b]) =>
        (mine.profileIds.includes(a) && hers.profileIds.includes(b)) ||
        (mine.profileIds.includes(b) && hers.profileIds.includes(a)),
    );
    if (forbidden) return 'somebody decided that these are two people';
    if (sighting.deliberate) return undefined;
    if (this.#strangers(evidence, mine, hers) || this.#strangers(evidence, sighting, hers)) {
      return 'their names or birth dates show two people';
    }
    for (const type of new Set(hers.identifiers.map((i) => i.type))) {
      const [x, y] = [this.#count(mine, type, sighting.occurredAt), this.#count(hers, type, sighting.occurredAt)];
      if (x > 0 && y > 0 && x + y > this.known.rules[type].limit) {
        return `together they would have ${x + y} ${type} identifiers, at most ${this.known.rules[type].limit} are allowed`;
      }
    }
    return undefined;
  }

  #strangers(evidence: Identifier, x: Features, y: Features): boolean {
    return NATURE[evidence.type].shareable && contradict(x, y);
  }

  #count(part: Component, type: Identifier['type'], at: Date): number {
    const { windowDays } = this.known.rules[type];
    const from = windowDays === null ? -Infinity : at.getTime() - windowDays * DAY_MS;
    return part.identifiers.filter((i) => i.type === type && i.firstSeenAt.getTime() >= from).length;
  }

  #share(identifier: Identifier, warnings: string[]): void {
    const owner = this.#owners.get(keyOf(identifier))!;
    this.#owners.set(keyOf(identifier), { ...owner, shared: true });
    this.shared.set(keyOf(identifier), { ...identifier, sharedProfileId: owner.sharedProfileId });
    warnings.push(`The ${identifier.type} is used by several people, so it identifies none of them any more.`);
  }

  /** A shared identifier on its own means the line or the tablet, not one of the people behind it. */
  #lineOf(identifier: Identifier, sighting: Sighting): string {
    const owner = this.#owners.get(keyOf(identifier))!;
    if (owner.sharedProfileId) return owner.sharedProfileId;
    const sharedProfileId = this.#open(sighting, false);
    this.#owners.set(keyOf(identifier), { ...owner, sharedProfileId });
    this.shared.set(keyOf(identifier), { ...identifier, sharedProfileId });
    return sharedProfileId;
  }

  #open({ source, occurredAt, givenNames, birthDates }: Sighting, known: boolean): string {
    const id = this.newId();
    this.profiles.push({ id, known, source, seenAt: occurredAt });
    this.#parts.set(id, { profileIds: [id], identifiers: [], givenNames, birthDates });
    return id;
  }

  #part(profileId: string): Component {
    const customer = this.#sets.find(profileId);
    const part = this.#parts.get(customer);
    // A customer of whom nothing had to be loaded takes part in no decision but this one.
    return part ?? { profileIds: [profileId], identifiers: [], givenNames: [], birthDates: [] };
  }
}
