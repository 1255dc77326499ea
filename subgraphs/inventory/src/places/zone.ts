import { IANAZone } from 'luxon';

/** No zone has changed its clock off a quarter of an hour in the lifetime of an order. */
const QUARTER_MS = 15 * 60_000;
/** Offsets remembered per zone: a hundred days of quarters; then it begins anew. */
const MAX_REMEMBERED = 10_000;

/** Asking the operating system for an offset formats a date; a promise asks for hundreds. It is asked once per quarter of an hour. */
class RememberingZone extends IANAZone {
  readonly #offsets = new Map<number, number>();

  override offset(ts: number): number {
    const quarter = Math.floor(ts / QUARTER_MS);
    let offset = this.#offsets.get(quarter);
    if (offset === undefined) {
      if (this.#offsets.size >= MAX_REMEMBERED) this.#offsets.clear();
      offset = super.offset(ts);
      this.#offsets.set(quarter, offset);
    }
    return offset;
  }
}

const zones = new Map<string, RememberingZone>();

/** A time zone by its IANA name. There are some four hundred, so all of them may be kept. */
export function zoneOf(name: string): IANAZone {
  let zone = zones.get(name);
  if (!zone) {
    zone = new RememberingZone(name);
    if (zone.isValid) zones.set(name, zone);
  }
  return zone;
}
