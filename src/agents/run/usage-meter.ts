import type { TokenUsage } from '../../core/runs/run.ts';

/** Sums the tokens and the cost of a run's model calls. */
export class UsageMeter {
  #total: TokenUsage | null = null;
  #costUsd: number | null = null;
  #isCostKnown = true;
  #model: string | null = null;

  /** Records that a call to `model` (`provider/model`) begins: the last one is the run's model, even if it fails. */
  begin(model: string): void {
    this.#model = model;
  }

  /**
   * Adds the usage of one call.
   *
   * @param costUsd `null` if the model has no known price; then the cost of the whole run is unknown
   */
  add(usage: TokenUsage, costUsd: number | null): void {
    this.#total = this.#total === null ? usage : sumOf(this.#total, usage);
    if (costUsd === null) this.#isCostKnown = false;
    else this.#costUsd = (this.#costUsd ?? 0) + costUsd;
  }

  /** Tokens of all calls; `null` if no call has succeeded. */
  total(): TokenUsage | null {
    return this.#total;
  }

  /** US dollars of all calls; `null` if no call has succeeded, or the price of one is unknown. */
  costUsd(): number | null {
    return this.#isCostKnown ? this.#costUsd : null;
  }

  /** `provider/model` of the last call. */
  model(): string | null {
    return this.#model;
  }
}

function sumOf(one: TokenUsage, other: TokenUsage): TokenUsage {
  return {
    input: one.input + other.input,
    output: one.output + other.output,
    total: one.total + other.total,
    cached: one.cached + other.cached,
    reasoning: one.reasoning + other.reasoning,
  };
}
