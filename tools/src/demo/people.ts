import { MEN, SURNAMES, WOMEN } from './names.ts';
import { type Place, STORE_PLACES } from './places.ts';
import { CATEGORIES } from './catalogue.ts';
import type { Random } from './random.ts';

export type Persona = 'braided' | 'web' | 'store' | 'bargain' | 'lapsed' | 'prospect';

/** How each kind of customer lives with the shop: visits in 90 days, how often a visit ends in a purchase, where. */
export const PERSONAS: Record<
  Persona,
  { share: number; visits: number; buys: number; channels: [DemoChannel, number][]; member: number }
> = {
  braided: {
    share: 22,
    visits: 6,
    buys: 0.44,
    channels: [
      ['web', 35],
      ['app', 35],
      ['store', 30],
    ],
    member: 0.95,
  },
  web: {
    share: 24,
    visits: 4.5,
    buys: 0.32,
    channels: [
      ['web', 80],
      ['app', 20],
    ],
    member: 0.55,
  },
  store: {
    share: 22,
    visits: 3.2,
    buys: 0.62,
    channels: [
      ['store', 92],
      ['call-centre', 8],
    ],
    member: 0.7,
  },
  bargain: {
    share: 12,
    visits: 5,
    buys: 0.2,
    channels: [
      ['web', 50],
      ['app', 35],
      ['social', 15],
    ],
    member: 0.6,
  },
  lapsed: {
    share: 10,
    visits: 0.6,
    buys: 0.25,
    channels: [
      ['web', 60],
      ['store', 40],
    ],
    member: 0.5,
  },
  prospect: {
    share: 10,
    visits: 2.5,
    buys: 0,
    channels: [
      ['web', 55],
      ['app', 20],
      ['social', 25],
    ],
    member: 0.1,
  },
};

export type DemoChannel = 'web' | 'app' | 'store' | 'call-centre' | 'social';

export interface Person {
  /** Her number in the shop's own customer file. */
  externalId: string;
  persona: Persona;
  givenName: string;
  familyName: string;
  gender: 'female' | 'male';
  birthDate: string;
  email: string | null;
  phone: string | null;
  loyaltyCard: string | null;
  cookie: string | null;
  device: string | null;
  home: Place;
  latitude: number;
  longitude: number;
  postalCode: string;
  language: string;
  preferredChannel: 'email' | 'sms' | 'push';
  favourites: string[];
  /** Days before the anchor on which she became a customer. */
  sinceDays: number;
  marketing: boolean;
  personalisation: boolean;
  survey: boolean;
  /** What she tends to think of the shop, 0 to 10. */
  mood: number;
}

/** A degree of latitude is 111 km; homes lie within some kilometres of the store. */
const SPREAD_DEGREES = 0.06;
const YOUNGEST = 18;
const OLDEST = 84;

export const makePeople = (random: Random, count: number, year: number): Person[] =>
  Array.from({ length: count }, (_, index) => makePerson(random.fork(`person-${index}`), index, year));

function makePerson(random: Random, index: number, year: number): Person {
  const persona = random.weighted(Object.entries(PERSONAS).map(([name, p]) => [name as Persona, p.share] as const));
  const habits = PERSONAS[persona];
  const gender = random.chance(0.64) ? 'female' : 'male';
  const givenName = random.weighted(gender === 'female' ? WOMEN : MEN);
  const familyName = `${random.weighted(SURNAMES)} ${random.weighted(SURNAMES)}`;
  const home = random.weighted(STORE_PLACES.map((place) => [place, place.weight] as const));
  const online = persona !== 'store' || random.chance(0.5);
  const app =
    ['braided', 'web', 'bargain', 'prospect'].includes(persona) && random.chance(persona === 'braided' ? 0.95 : 0.45);
  const number = String(index + 1).padStart(5, '0');
  return {
    externalId: `C${number}`,
    persona,
    givenName,
    familyName,
    gender,
    birthDate: birthDate(random, year),
    email: online || random.chance(0.4) ? emailOf(givenName, familyName, index) : null,
    phone: random.chance(0.8) ? `+3460${String(1_000_000 + index * 37).slice(-7)}` : null,
    loyaltyCard: random.chance(habits.member) ? `2800${number}${checkDigit(number)}` : null,
    cookie: online ? `brz-${hex(random)}` : null,
    device: app ? `dev-${hex(random)}` : null,
    home,
    latitude: round(home.latitude + random.normal(0, SPREAD_DEGREES / 2)),
    longitude: round(home.longitude + random.normal(0, SPREAD_DEGREES / 2)),
    postalCode: `${home.postalCode.slice(0, 2)}${String(random.int(1, 60)).padStart(3, '0')}`,
    language: languageOf(random, home),
    preferredChannel: app && random.chance(0.5) ? 'push' : random.chance(0.8) ? 'email' : 'sms',
    favourites: [
      ...new Set([random.pick(CATEGORIES), random.pick(CATEGORIES), gender === 'female' ? 'mujer' : 'hombre']),
    ],
    sinceDays: persona === 'prospect' ? random.int(1, 60) : random.int(1, 1_400),
    marketing: random.chance(0.62),
    personalisation: random.chance(0.74),
    survey: random.chance(0.7),
    mood: Math.max(0, Math.min(10, random.normal(persona === 'braided' ? 8.6 : persona === 'lapsed' ? 6.4 : 7.9, 1.5))),
  };
}

function birthDate(random: Random, year: number): string {
  const age = Math.max(YOUNGEST, Math.min(OLDEST, Math.round(random.normal(43, 14))));
  const day = (value: number) => String(value).padStart(2, '0');
  return `${year - age}-${day(random.int(1, 12))}-${day(random.int(1, 28))}`;
}

/** `.example` can never receive a message. */
function emailOf(givenName: string, familyName: string, index: number): string {
  const [first = '', second = ''] = familyName.split(' ');
  return `${plain(givenName)}.${plain(first)}${plain(second).slice(0, 1)}${index + 1}@correo.example`;
}

const plain = (text: string): string =>
  text
    .normalize('NFD')
    .replace(/[^a-zA-Z]/g, '')
    .toLowerCase();

function languageOf(random: Random, home: Place): string {
  const regional: Record<string, string> = { Cataluña: 'ca', Galicia: 'gl', Euskadi: 'eu' };
  const own = regional[home.region];
  return own && random.chance(0.25) ? own : 'es';
}

const hex = (random: Random): string => Array.from({ length: 16 }, () => random.int(0, 15).toString(16)).join('');
const round = (degrees: number): number => Math.round(degrees * 1e5) / 1e5;

/** As on the cards themselves (Luhn), so that a typing error at the till is noticed. */
function checkDigit(number: string): number {
  const sum = Array.from(number)
    .toReversed()
    .reduce((total, digit, at) => {
      const value = Number(digit) * (at % 2 === 0 ? 2 : 1);
      return total + (value > 9 ? value - 9 : value);
    }, 0);
  return (10 - (sum % 10)) % 10;
}
