import { RetryableError } from '../core/errors.ts';

/** What every body has beside the shared room, in bytes: small requests never wait for large ones. */
const ownBytes = 64 * 1024;
/** A few large requests take about as long. */
const retryAfterSeconds = 2;

/** What one request takes up. */
export interface BodyRoom {
  /**
   * To be called for so many bytes that have arrived. A body that is larger than its own part takes room for all that was
   * announced of it at once: of many that come together some are read to their end, instead of a part of each.
   * @throws RetryableError where there is no room
   */
  take(bytes: number): void;
  /** Gives everything back. */
  free(): void;
}

/** Admission control for the memory that bodies of requests take up together. */
export class BodyMemory {
  readonly #most: number;
  #taken = 0;

  /** @param most in bytes; a body that is larger has all of it alone */
  constructor(most: number) {
    this.#most = most;
  }

  /**
   * Room for one request.
   * @param announced the length of its body, as far as it is known before: in bytes
   */
  open(announced = 0): BodyRoom {
    let arrived = 0;
    let taken = 0;
    return {
      take: (bytes) => {
        arrived += bytes;
        if (arrived <= ownBytes) return;
        const wanted = Math.max(arrived, announced) - ownBytes - taken;
        if (wanted <= 0) return;
        const others = this.#taken - taken;
        if (others > 0 && this.#taken + wanted > this.#most)
          throw new RetryableError(tooMuch, { retryAfterSeconds });
        this.#taken += wanted;
        taken += wanted;
      },
      free: () => {
        this.#taken -= taken;
        taken = 0;
        arrived = 0;
      },
    };
  }
}

const tooMuch = 'Too many large concurrent requests.';
