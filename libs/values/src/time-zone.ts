/** There are some 600 names, and any may be written in other letters; what else turns up is looked at anew. */
const MOST_REMEMBERED = 1_000;
/** The longest has half as many. */
const LONGEST_NAME = 60;
const known = new Set<string>();

/** Whether it is a time zone's IANA name, such as Europe/Madrid. To find out, a formatter of dates is made: names that are ones are remembered. */
export function isTimeZone(name: string): boolean {
  if (known.has(name)) return true;
  if (name.length > LONGEST_NAME) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
  } catch {
    return false;
  }
  if (known.size < MOST_REMEMBERED) known.add(name);
  return true;
}
