import { ownBytes } from './body-memory.ts';

/**
 * The chunks of one body. A large body of known size is copied chunk by chunk, so the end needs no long copy. Until more
 * of it arrives than every body may take, only what has arrived is in memory.
 */
export class CollectedBytes {
  readonly #announced: number;
  #pieces: Buffer[] = [];
  #whole: Buffer | null = null;
  #size = 0;

  /** @param announced the size that the sender announced, in bytes; 0 if unknown */
  constructor(announced: number) {
    this.#announced = announced;
  }

  /** In bytes. */
  get size(): number {
    return this.#size;
  }

  /** Call once there is room for the piece: a large body may take its announced size from here on. */
  add(piece: Buffer): void {
    const arrived = this.#size + piece.length;
    if (this.#whole === null && arrived > ownBytes && arrived < this.#announced) this.#allocate();
    if (this.#whole === null) this.#pieces.push(piece);
    else piece.copy(this.#whole, this.#size);
    this.#size = arrived;
  }

  /** The whole body. A copied body has its own memory, which can be transferred to another thread. */
  whole(): Uint8Array {
    if (this.#whole !== null) return this.#whole.subarray(0, this.#size);
    const [first] = this.#pieces;
    return this.#pieces.length === 1 && first !== undefined ? first : Buffer.concat(this.#pieces, this.#size);
  }

  #allocate(): void {
    const whole = Buffer.allocUnsafeSlow(this.#announced);
    let at = 0;
    for (const piece of this.#pieces) at += piece.copy(whole, at);
    this.#pieces = [];
    this.#whole = whole;
  }
}
