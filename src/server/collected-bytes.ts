/** The chunks of one body. A large body of known size is copied chunk by chunk, so the end needs no long copy. */
export class CollectedBytes {
  readonly #announced: number;
  readonly #pieces: Buffer[] = [];
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

  add(piece: Buffer): void {
    if (this.#size === 0 && piece.length < this.#announced)
      this.#whole = Buffer.allocUnsafeSlow(this.#announced);
    if (this.#whole === null) this.#pieces.push(piece);
    else piece.copy(this.#whole, this.#size);
    this.#size += piece.length;
  }

  /** The whole body. A copied body has its own memory, which can be transferred to another thread. */
  whole(): Uint8Array {
    if (this.#whole !== null) return this.#whole.subarray(0, this.#size);
    const [first] = this.#pieces;
    return this.#pieces.length === 1 && first !== undefined ? first : Buffer.concat(this.#pieces, this.#size);
  }
}
