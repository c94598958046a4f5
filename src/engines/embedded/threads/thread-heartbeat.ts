/** Interval between pings of a thread with work, and the time to answer, in ms. */
const askEveryMs = 250;

/** Tells whether a thread with work still takes messages. */
export class ThreadHeartbeat {
  readonly #ask: () => void;
  readonly #onSilence: () => void;
  #timer: NodeJS.Timeout | null = null;
  #readyAt: bigint | null = null;
  #isAsked = false;
  #silences = 0;
  #silentMs = 0;

  /**
   * @param ask sends the thread a ping
   * @param onSilence called for each missed answer
   */
  constructor(ask: () => void, onSilence: () => void) {
    this.#ask = ask;
    this.#onSilence = onSilence;
  }

  /** When the thread first answered, in ns of `process.hrtime.bigint()`. */
  get readyAt(): bigint | null {
    return this.#readyAt;
  }

  /** Missed answers in a row; 0 for a thread that has never answered, since it is still starting. */
  get silences(): number {
    return this.#silences;
  }

  /** The thread's total silence in ms, without the current one. */
  get silentMs(): number {
    return this.#silentMs;
  }

  /** Call when the thread gets work. */
  follow(): void {
    this.#timer ??= setInterval(() => this.#look(), askEveryMs).unref();
  }

  /** Call for every message from the thread. */
  beat(): void {
    this.#readyAt ??= process.hrtime.bigint();
    this.#isAsked = false;
    this.#silentMs += this.#silences * askEveryMs;
    this.#silences = 0;
  }

  /** Call when the thread has no more work. */
  rest(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
  }

  #look(): void {
    if (!this.#isAsked) this.#ask();
    else if (this.#readyAt !== null) {
      this.#silences++;
      this.#onSilence();
    }
    this.#isAsked = true;
  }
}
