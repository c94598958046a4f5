import type { AgentProject } from '../../../agents/agent-project.ts';
import type { AgentOutcome, AgentRequest } from '../../../core/ports/agent-executor.ts';
import type { Trace } from '../../../core/trace.ts';

/** What a thread is started with. */
export interface ThreadCode {
  readonly project: AgentProject;
  /** ES module on disk that exports `tools` and `middleware`. */
  readonly codeFile: string;
  readonly env: Readonly<Record<string, string>>;
}

/** From the engine to a thread. `id` is of one attempt of one run. */
export type ThreadRequest =
  | { readonly type: 'run'; readonly id: number; readonly request: AgentRequest }
  | { readonly type: 'cancel'; readonly id: number };

/** From a thread to the engine. */
export type ThreadReport =
  | { readonly type: 'text'; readonly id: number; readonly text: string }
  | { readonly type: 'trace'; readonly id: number; readonly trace: Trace }
  | { readonly type: 'outcome'; readonly id: number; readonly outcome: AgentOutcome }
  /** The attempt could not be made: a bug of ours, as agents fail by their outcome. */
  | { readonly type: 'broken'; readonly id: number; readonly message: string }
  /** Something of an agent's code failed that no run was waiting for. */
  | { readonly type: 'stray-error'; readonly message: string };
