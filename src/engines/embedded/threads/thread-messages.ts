import type { AgentProject } from '../../../agents/agent-project.ts';
import type { CallCost, CallVerdict, PlannedCall } from '../../../core/budgets/model-call.ts';
import type { JsonValue } from '../../../core/json/json-value.ts';
import type {
  AgentMessage,
  AgentOutcome,
  AgentRequest,
  AgentSent,
  AgentTrigger,
  AgentTriggered,
  SendTarget,
} from '../../../core/ports/agent-executor.ts';
import type { Trace } from '../../../core/runs/trace.ts';

/** The limits of one thread. */
export interface ThreadLimits {
  /** Memory, its buffers included, in MiB. */
  readonly maxMegabytes: number;
  /** How long an agent may overrun its timeout or cancellation before its thread is ended, in ms. */
  readonly graceMs: number;
}

/** The parameters for starting a thread. */
export interface ThreadCode extends ThreadLimits {
  readonly project: AgentProject;
  /** ES module on disk that exports `tools` and `middleware`. */
  readonly codeFile: string;
  readonly env: Readonly<Record<string, string>>;
}

/** A request on its way to a thread. The payload is text, since only plain data crosses. */
export type SentRequest = Omit<AgentRequest, 'payload'> & { readonly payloadText: string };

/** What an agent does outside of its run, one thing at a time. */
export interface Question {
  readonly trigger?: AgentTrigger;
  /** The agent whose targets are asked for. */
  readonly targetsOf?: string;
  readonly send?: AgentMessage;
}

/** The answer to a question, in the field that belongs to the question's. */
export interface Answer {
  readonly triggered?: AgentTriggered;
  readonly targets?: readonly SendTarget[];
  readonly sent?: AgentSent;
}

/** From the engine to a thread. `id` names one attempt of one run. */
export type ThreadRequest =
  /** Begins only if its mark is not taken back; `null` if it never is. */
  | {
      readonly type: 'run';
      readonly id: number;
      readonly request: SentRequest;
      readonly mark: BeginMark | null;
    }
  | { readonly type: 'cancel'; readonly id: number }
  /** Asks for `alive`, to be sent immediately. */
  | { readonly type: 'ping' }
  /** The answers to `load-session`. */
  | { readonly type: 'session-loaded'; readonly id: number; readonly messages: readonly JsonValue[] }
  | { readonly type: 'session-not-loaded'; readonly id: number; readonly message: string }
  /** The answers to `reserve`. */
  | { readonly type: 'reserved'; readonly id: number; readonly call: number; readonly verdict: CallVerdict }
  | { readonly type: 'not-reserved'; readonly id: number; readonly call: number; readonly message: string }
  /** The answers to `ask`. */
  | { readonly type: 'answered'; readonly id: number; readonly call: number; readonly answer: Answer }
  | { readonly type: 'not-answered'; readonly id: number; readonly call: number; readonly message: string };

/** From a thread to the engine. */
export type ThreadReport =
  /** Asks for the conversation that the run's agent keeps under a key; at most once per attempt. */
  | { readonly type: 'load-session'; readonly id: number; readonly key: string }
  /** Asks whether a model may be called. `call` counts the calls of the attempt. */
  | { readonly type: 'reserve'; readonly id: number; readonly call: number; readonly planned: PlannedCall }
  | {
      readonly type: 'settle';
      readonly id: number;
      readonly reservation: string;
      readonly used: CallCost | null;
    }
  /** Asks for something outside of the run; `call` counts the questions of the attempt. */
  | { readonly type: 'ask'; readonly id: number; readonly call: number; readonly question: Question }
  | { readonly type: 'text'; readonly id: number; readonly text: string }
  | { readonly type: 'trace'; readonly id: number; readonly trace: Trace }
  | { readonly type: 'outcome'; readonly id: number; readonly outcome: AgentOutcome }
  /** The attempt could not be made: a bug of ours. Agents fail by their outcome. */
  | { readonly type: 'broken'; readonly id: number; readonly message: string }
  /** The thread takes messages. Sent once at the start, and in answer to each `ping`. */
  | { readonly type: 'alive' }
  /** An agent's code failed outside of any run's control flow. */
  | { readonly type: 'stray-error'; readonly message: string };

/** From a separate process for one run to the engine. */
export type ProcessReport =
  | { readonly type: 'reports'; readonly reports: readonly ThreadReport[] }
  | { readonly type: 'ended'; readonly reason: string };

/**
 * Says whether a thread has begun an attempt, in memory that both sides see: a thread held by an agent's code cannot
 * answer, and what it has not begun moves to another one. Either the thread begins an attempt or the engine takes it
 * back, never both.
 */
export type BeginMark = BigInt64Array<SharedArrayBuffer>;

const waiting = 0n;
const takenBack = -1n;

export function beginMark(): BeginMark {
  return new BigInt64Array(new SharedArrayBuffer(BigInt64Array.BYTES_PER_ELEMENT));
}

/** Called by the thread; returns `false` if the engine has taken the attempt back. */
export function begin(mark: BeginMark): boolean {
  return Atomics.compareExchange(mark, 0, waiting, process.hrtime.bigint()) === waiting;
}

/** Called by the engine; returns `false` if the thread has begun the attempt. */
export function takeBack(mark: BeginMark): boolean {
  return Atomics.compareExchange(mark, 0, waiting, takenBack) === waiting;
}

/** In ns of the monotonic clock that all threads of a process share; `null` if the attempt has not begun. */
export function begunAt(mark: BeginMark): bigint | null {
  const at = Atomics.load(mark, 0);
  return at > 0n ? at : null;
}

/** Collects the messages of one event-loop tick: waking another thread costs more than a message. */
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
