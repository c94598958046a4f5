import type { AgentProject } from '../../../agents/agent-project.ts';
import type { JsonValue } from '../../../core/json/json-value.ts';
import type { AgentOutcome, AgentRequest } from '../../../core/ports/agent-executor.ts';
import type { Trace } from '../../../core/runs/trace.ts';

/** What one thread may take. */
export interface ThreadLimits {
  /** Memory, its buffers included, in MiB. */
  readonly maxMegabytes: number;
  /** What an agent gets beyond its timeout, or its cancellation, to come to its end before its thread is ended, in ms. */
  readonly graceMs: number;
}

/** What a thread is started with. */
export interface ThreadCode extends ThreadLimits {
  readonly project: AgentProject;
  /** ES module on disk that exports `tools` and `middleware`. */
  readonly codeFile: string;
  readonly env: Readonly<Record<string, string>>;
}

/** A request on its way to a thread: its payload as text, for only plain data crosses. */
export type SentRequest = Omit<AgentRequest, 'payload'> & { readonly payloadText: string };

/** From the engine to a thread. `id` is of one attempt of one run. */
export type ThreadRequest =
  /** It is begun only if its mark says that it is not taken back; `null` where it never is. */
  | {
      readonly type: 'run';
      readonly id: number;
      readonly request: SentRequest;
      readonly mark: BeginMark | null;
    }
  | { readonly type: 'cancel'; readonly id: number }
  /** Wants to hear `alive`, at once. */
  | { readonly type: 'ping' }
  /** The answers to `load-session`. */
  | { readonly type: 'session-loaded'; readonly id: number; readonly messages: readonly JsonValue[] }
  | { readonly type: 'session-not-loaded'; readonly id: number; readonly message: string };

/** From a thread to the engine. */
export type ThreadReport =
  /** Asks for the conversation that the run's agent keeps under a key; at most once an attempt. */
  | { readonly type: 'load-session'; readonly id: number; readonly key: string }
  | { readonly type: 'text'; readonly id: number; readonly text: string }
  | { readonly type: 'trace'; readonly id: number; readonly trace: Trace }
  | { readonly type: 'outcome'; readonly id: number; readonly outcome: AgentOutcome }
  /** The attempt could not be made: a bug of ours, as agents fail by their outcome. */
  | { readonly type: 'broken'; readonly id: number; readonly message: string }
  /** The thread takes messages: once at its beginning, and in answer to each `ping`. */
  | { readonly type: 'alive' }
  /** Something of an agent's code failed that no run was waiting for. */
  | { readonly type: 'stray-error'; readonly message: string };

/** From a process that is there for one run to the engine. */
export type ProcessReport =
  | { readonly type: 'reports'; readonly reports: readonly ThreadReport[] }
  | { readonly type: 'ended'; readonly reason: string };

/**
 * Says of one attempt whether its thread has begun it, in memory that both sides see: a thread that somebody's code holds
 * cannot say it, and what it has not begun goes to another one. Either the thread begins an attempt or the engine takes it
 * back, never both.
 */
export type BeginMark = BigInt64Array<SharedArrayBuffer>;

const waiting = 0n;
const takenBack = -1n;

export function beginMark(): BeginMark {
  return new BigInt64Array(new SharedArrayBuffer(BigInt64Array.BYTES_PER_ELEMENT));
}

/** Called by the thread; `false` where the engine has taken the attempt back. */
export function begin(mark: BeginMark): boolean {
  return Atomics.compareExchange(mark, 0, waiting, process.hrtime.bigint()) === waiting;
}

/** Called by the engine; `false` where the thread has begun the attempt. */
export function takeBack(mark: BeginMark): boolean {
  return Atomics.compareExchange(mark, 0, waiting, takenBack) === waiting;
}

/** Nanoseconds by the clock that all threads of a process share and nobody sets; `null` where it has not begun. */
export function begunAt(mark: BeginMark): bigint | null {
  const at = Atomics.load(mark, 0);
  return at > 0n ? at : null;
}

/** Collects what is to be sent within one tick of the event loop: waking another thread costs more than a message. */
export class MessageBatch<Message> {
  readonly #post: (messages: readonly Message[]) => void;
  #messages: Message[] = [];

  /** @param post sends messages to the other thread, together */
  constructor(post: (messages: readonly Message[]) => void) {
    this.#post = post;
  }

  send(message: Message): void {
    if (this.#messages.length === 0) setImmediate(() => this.#flush());
    this.#messages.push(message);
  }

  #flush(): void {
    const messages = this.#messages;
    this.#messages = [];
    this.#post(messages);
  }
}
