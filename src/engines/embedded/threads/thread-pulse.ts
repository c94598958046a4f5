/** How often a thread that has something to do is asked for a sign of life, and how long it gets, in ms. */
const askEveryMs = 250;

/** Tells whether a thread that executes something still takes messages. */
export class ThreadPulse {
  readonly #ask: () => void;
  #timer: NodeJS.Timeout | null = null;
  #isReady = false;
  #isAsked = false;
  #isSilent = false;

  /** @param ask sends the thread what it answers at once */
  constructor(ask: () => void) {
    this.#ask = ask;
  }

  /** Never of a thread that has not been heard of: it starts. */
  get isSilent(): boolean {
    return this.#isSilent;
  }

  /** Whether the thread has ever been heard of. */
  get isReady(): boolean {
    return this.#isReady;
  }

  /** To be called when the thread gets something to do. */
  follow(): void {
    this.#timer ??= setInterval(() => this.#look(), askEveryMs).unref();
  }

  /** To be called for everything that the thread says. */
  felt(): void {
    this.#isReady = true;
    this.#isAsked = false;
    this.#isSilent = false;
  }

  /** To be called when the thread has nothing to do any more. */
  rest(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
  }

  #look(): void {
    this.#isSilent = this.#isAsked && this.#isReady;
    if (!this.#isAsked) this.#ask();
    this.#isAsked = true;
  }
}
