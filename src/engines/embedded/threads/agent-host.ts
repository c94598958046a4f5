import type { ThreadReport, ThreadRequest } from './thread-messages.ts';

/** What agents' code runs in: a thread of this process, or a process of its own. */
export interface AgentHost {
  /** A thread sees the memory that it is sent marks in. */
  readonly kind: 'thread' | 'process';
  post(requests: readonly ThreadRequest[]): void;
  /** The id of the attempt whose code runs at this moment; `null` where that cannot be told. */
  holder(): Promise<number | null>;
  /** The part of its time that it was busy since this was asked last, 0 to 1. */
  utilization(): number;
  /** Ends it at once. */
  terminate(): Promise<unknown>;
}

export interface HostEvents {
  readonly onReports: (reports: readonly ThreadReport[]) => void;
  /** It has ended, whyever. May be called more than once; the first reason is the true one. */
  readonly onEnded: (reason: string) => void;
}
