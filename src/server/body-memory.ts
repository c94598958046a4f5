import { RetryableError } from '../core/errors.ts';

/** Each body's own part besides the shared memory, in bytes: small requests never wait for large ones. */
export const ownBytes = 64 * 1024;
/** A few large requests take about this long. */
const retryAfterSeconds = 2;

/** The memory of one request. */
export interface BodyRoom {
  /**
   * Call for each number of bytes received. A body larger than its own part reserves its whole announced size: of many
   * concurrent bodies, some are read completely, instead of a part of each.
   * @throws RetryableError if there is no room
   */
  take(bytes: number): void;
  /** Frees all of it. */
  free(): void;
}

/** Limits the memory that request bodies take together. */
export class BodyMemory {
  readonly #most: number;
  #taken = 0;

  /** @param most in bytes; a larger body is admitted only alone */
  constructor(most: number) {
    this.#most = most;
  }

  /**
   * Memory for one request.
   * @param announced the length of its body in bytes, if known in advance
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
