/** The pieces of one body. Of a large one whose length is known each is copied as it comes: at the end, nobody waits for all of it. */
export class CollectedBytes {
  readonly #announced: number;
  readonly #pieces: Buffer[] = [];
  #whole: Buffer | null = null;
  #size = 0;

  /** @param announced what its sender says that it has, in bytes; 0 where it says nothing */
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

  /** All of it. What was copied has its memory alone and can be given to another thread. */
  whole(): Uint8Array {
    if (this.#whole !== null) return this.#whole.subarray(0, this.#size);
    const [first] = this.#pieces;
    return this.#pieces.length === 1 && first !== undefined ? first : Buffer.concat(this.#pieces, this.#size);
  }
}
