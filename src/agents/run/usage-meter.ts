import type { TokenUsage } from '../../core/runs/run.ts';

/** Sums what the model calls of one run used and cost. */
export class UsageMeter {
  #total: TokenUsage | null = null;
  #costUsd: number | null = null;
  #isCostKnown = true;
  #model: string | null = null;

  /**
   * Notes that a call to `model` (`provider/model`) begins: the last one is the run's model, even if it fails.
   */
  begin(model: string): void {
    this.#model = model;
  }

  /**
   * Adds what one call used.
   *
   * @param costUsd `null` where the model has no price: the run's cost is then unknown as a whole
   */
  add(usage: TokenUsage, costUsd: number | null): void {
    this.#total = this.#total === null ? usage : sumOf(this.#total, usage);
    if (costUsd === null) this.#isCostKnown = false;
    else this.#costUsd = (this.#costUsd ?? 0) + costUsd;
  }

  /** Tokens of all calls; `null` where no model was called. */
  total(): TokenUsage | null {
    return this.#total;
  }

  /** US dollars of all calls; `null` where no model was called or one of them has no known price. */
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
