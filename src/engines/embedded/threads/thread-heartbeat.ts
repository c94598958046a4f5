/** How often a thread that has something to do is asked for a sign of life, and how long it gets, in ms. */
const askEveryMs = 250;

/** Tells whether a thread that executes something still takes messages. */
export class ThreadHeartbeat {
  readonly #ask: () => void;
  readonly #onSilence: () => void;
  #timer: NodeJS.Timeout | null = null;
  #readyAt: bigint | null = null;
  #isAsked = false;
  #silences = 0;
  #silentMs = 0;

  /**
   * @param ask sends the thread what it answers at once
   * @param onSilence called each time that the thread has not answered
   */
  constructor(ask: () => void, onSilence: () => void) {
    this.#ask = ask;
    this.#onSilence = onSilence;
  }

  /** When the thread was heard of for the first time, in ns as `process.hrtime.bigint()`. */
  get readyAt(): bigint | null {
    return this.#readyAt;
  }

  /** How often in a row the thread has not answered in time; 0 of one that was never heard of: it starts. */
  get silences(): number {
    return this.#silences;
  }

  /** For how long the thread has been silent in all, in ms, the silence that goes on not included. */
  get silentMs(): number {
    return this.#silentMs;
  }

  /** To be called when the thread gets something to do. */
  follow(): void {
    this.#timer ??= setInterval(() => this.#look(), askEveryMs).unref();
  }

  /** To be called for everything that the thread says. */
  beat(): void {
    this.#readyAt ??= process.hrtime.bigint();
    this.#isAsked = false;
    this.#silentMs += this.#silences * askEveryMs;
    this.#silences = 0;
  }

  /** To be called when the thread has nothing to do any more. */
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
