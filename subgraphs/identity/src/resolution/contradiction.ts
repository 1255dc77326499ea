import { isNickname } from '../matching/nicknames.ts';
import { fold, jaroWinkler } from '../matching/strings.ts';

/** What can tell two people apart who share a telephone. */
export interface Features {
  givenNames: readonly string[];
  birthDates: readonly string[];
}

/** Above it two given names are spellings of one name: it keeps Ana/Anna and Jon/John together, Ana/Luis apart. */
const SAME_NAME_FROM = 0.85;

/** Whether these are clearly two people. Silence contradicts nothing. */
export function contradict(x: Features, y: Features): boolean {
  const bothNamed = x.givenNames.length > 0 && y.givenNames.length > 0;
  if (bothNamed) return !x.givenNames.some((name) => y.givenNames.some((other) => sameName(fold(name), fold(other))));
  const bothDated = x.birthDates.length > 0 && y.birthDates.length > 0;
  return bothDated && !x.birthDates.some((date) => y.birthDates.includes(date));
}

function sameName(x: string, y: string): boolean {
  if (x === '' || y === '') return true;
  const initial = Math.min(x.length, y.length) === 1 && x[0] === y[0];
  const partOf = x.split(' ').some((part) => y.split(' ').includes(part) && part.length > 1);
  return initial || partOf || isNickname(x, y) || jaroWinkler(x, y) >= SAME_NAME_FROM;
}
