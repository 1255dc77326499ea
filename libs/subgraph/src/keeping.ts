/** What a request finds out while it is answered: that its answer ages faster than others to the same document. */
export class Keeping {
  seconds = Infinity;

  /** 0 where it must come here every time, because it leaves something behind or depends on more than its arguments. */
  atMost(seconds: number): void {
    this.seconds = Math.min(this.seconds, seconds);
  }
}
