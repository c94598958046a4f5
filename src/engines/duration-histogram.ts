/** Neighbouring classes differ by this factor, so that the middle of a class is within 1% of its durations. */
const growth = 1.02;
const logGrowth = Math.log(growth);

/**
 * Counts durations by size, so that percentiles of any number of them take little memory and histograms can be merged
 * (the idea of DDSketch, Masson et al., VLDB 2019). Percentiles are exact to 1%; below 50 ms, to the millisecond.
 */
export class DurationHistogram {
  readonly #counts = new Map<number, number>();
  #total = 0;

  /** @param durationMs a negative duration, after a clock has gone back, counts as 0 */
  add(durationMs: number): void {
    this.#count(durationMs < 1 ? 0 : 1 + Math.floor(Math.log(durationMs) / logGrowth), 1);
  }

  addAll(other: DurationHistogram): void {
    for (const [size, count] of other.#counts) this.#count(size, count);
  }

  /** In ms; `null` if there are no durations. */
  percentiles(): { readonly p50: number; readonly p95: number } | null {
    if (this.#total === 0) return null;
    const sizes = [...this.#counts.keys()].sort((a, b) => a - b);
    return { p50: this.#at(0.5, sizes), p95: this.#at(0.95, sizes) };
  }

  /** By nearest rank: the smallest duration that at least `share` of the durations do not exceed. */
  #at(share: number, sizes: readonly number[]): number {
    let left = Math.ceil(share * this.#total);
    const reached = sizes.find((size) => {
      left -= this.#counts.get(size) ?? 0;
      return left <= 0;
    });
    return middleOf(reached ?? 0);
  }

  #count(size: number, count: number): void {
    this.#counts.set(size, (this.#counts.get(size) ?? 0) + count);
    this.#total += count;
  }
}

function middleOf(size: number): number {
  return size === 0 ? 0 : Math.round(growth ** (size - 0.5));
}
