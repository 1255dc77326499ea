/** A clock that stands still until it is told. */
export class FixedClock {
  constructor(private time = new Date('2026-03-02T10:00:00.000Z')) {}

  now(): Date {
    return new Date(this.time);
  }

  set(time: string | Date): void {
    this.time = new Date(time);
  }

  advance(amount: { days?: number; hours?: number; minutes?: number; seconds?: number }): void {
    const { days = 0, hours = 0, minutes = 0, seconds = 0 } = amount;
    this.time = new Date(this.time.getTime() + (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1_000);
  }
}
