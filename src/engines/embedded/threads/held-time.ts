/** How often it is looked whether the thread goes on, in ms, and what it is late by without anybody noticing. */
const lookEveryMs = 50;
const slackMs = 50;

/** Adds up the time in which code has held a thread, so that others in there could not go on. */
export class HeldTime {
  #timer: NodeJS.Timeout | null = null;
  #totalMs = 0;
  #lastLook = 0;

  /** To be called when runs begin to share the thread, and when they no longer do. */
  follow(isShared: boolean): void {
    if (isShared === (this.#timer !== null)) return;
    if (this.#timer !== null) {
      this.#look();
      clearInterval(this.#timer);
    }
    this.#lastLook = performance.now();
    this.#timer = isShared ? setInterval(() => this.#look(), lookEveryMs).unref() : null;
  }

  /** In ms, from any beginning; what holds the thread until now is included. */
  totalMs(): number {
    if (this.#timer !== null) this.#look();
    return this.#totalMs;
  }

  #look(): void {
    const now = performance.now();
    const lateMs = now - this.#lastLook - lookEveryMs;
    if (lateMs > slackMs) this.#totalMs += lateMs;
    this.#lastLook = now;
  }
}
