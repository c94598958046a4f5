/** A call of a model that is about to be made. */
export interface PlannedCall {
  /** The agent that calls: the run's, or a step of it. */
  readonly agentName: string;
  /** `provider/model`. */
  readonly model: string;
  /** The key of the run's conversation, once it is known. */
  readonly sessionKey: string | null;
  /** What the call uses at most. */
  readonly atMost: CallCost;
}

export interface CallCost {
  readonly tokens: number;
  /** US dollars; `null` if the model has no known price. */
  readonly usd: number | null;
}

export type CallVerdict =
  /** The call may be made; settle it afterwards. `null` if no budget counts it. */
  | { readonly outcome: 'granted'; readonly reservation: string | null }
  /** Calls in progress have reserved the rest: ask again soon. */
  | { readonly outcome: 'wait' }
  /** The run waits until the budget has room; then it is executed again. */
  | { readonly outcome: 'held' }
  /** The run ends with this error. */
  | {
      readonly outcome: 'refused';
      readonly code: 'budget-exceeded' | 'price-unknown';
      readonly message: string;
    };
