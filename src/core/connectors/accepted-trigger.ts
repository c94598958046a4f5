import type { Run } from '../runs/run.ts';
import type { Connector } from './connector.ts';
import type { AnswerStream, HttpAnswer } from './http-request.ts';

/** An event whose runs are stored and will be executed, or that is stored as filtered. */
export interface AcceptedTrigger {
  readonly outcome: 'accepted';
  readonly connector: Connector;
  /** In link order; empty if no linked agent wants the event. */
  readonly runIds: readonly string[];
  /** Names of their agents; absent for a repeat, whose links may have changed since. */
  readonly agents?: readonly string[];
  /** The runs are those of an earlier trigger with the same repeat key or natural key; nothing was started. */
  readonly repeated: boolean;
  /** Mode `sync`: a hold, such as a pause, keeps the runs back, so the caller is not made to wait for them. */
  readonly waits: boolean;
  /** Runs that the caller holds and must execute now; `null` if the queue executes them. */
  readonly held: { readonly runs: readonly Run[]; readonly owner: string } | null;
  /** When the runs are due, Unix ms; absent if they are due immediately, or were before. */
  readonly scheduledAt?: number;
  /** How the type answers the accepted request, if that depends on the request. */
  readonly reply?: Reply;
}

/** The state of a trigger's runs at the end of a caller's wait. */
export interface AwaitedRuns {
  /**
   * If not every run has ended: `paused` if a pause keeps them back, `held` if one waits for a budget, otherwise
   * `timeout`.
   */
  readonly outcome: 'ended' | 'timeout' | 'paused' | 'held';
  /** In link order. */
  readonly runs: readonly Run[];
}

/** The answers to one request whose form depends on the request. */
export interface Reply {
  /** Once the runs are stored. */
  accepted?(accepted: AcceptedTrigger): Promise<HttpAnswer>;
  /** Mode `sync`: when the runs have ended or the wait is over. */
  ended?(accepted: AcceptedTrigger, awaited: AwaitedRuns): Promise<HttpAnswer>;
  /** Mode `sync`: how the answer is streamed; absent if the sender wants it as a whole. */
  readonly stream?: AnswerStream;
  /** Mode `sync`: the runs are cancelled if the caller disconnects and the platform notices it. */
  readonly cancelsWithCaller?: true;
}
