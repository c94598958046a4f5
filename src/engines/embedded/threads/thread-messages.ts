import type { AgentProject } from '../../../agents/agent-project.ts';
import type { JsonValue } from '../../../core/json/json-value.ts';
import type { AgentOutcome, AgentRequest } from '../../../core/ports/agent-executor.ts';
import type { Trace } from '../../../core/runs/trace.ts';
import type { BeginMark } from './begin-mark.ts';

/** What a thread is started with. */
export interface ThreadCode {
  readonly project: AgentProject;
  /** ES module on disk that exports `tools` and `middleware`. */
  readonly codeFile: string;
  readonly env: Readonly<Record<string, string>>;
  /** Memory that a thread may use, its buffers included, in MiB. */
  readonly maxMegabytes: number;
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
