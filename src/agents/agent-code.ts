/*
 * What the code of a project imports from `agent-connectors/agent`. The bundle of a project has its own copy of these
 * classes: `instanceof` also recognizes objects of other copies, by symbols that all copies share.
 */

export type {
  MessageContent,
  MessagePart,
  SendOptions,
  SentMessage,
  ToolContext,
  ToolLog,
} from './agent-project.ts';

const stopProcessing = Symbol.for('agent-connectors.stop-processing');
const abortTool = Symbol.for('agent-connectors.abort-tool');

export interface StopOptions {
  /** `false`: the result is not delivered to outbound connectors. Default: true. */
  readonly publish_outbound?: boolean;
}

/**
 * Thrown or returned by middleware, a tool or a hook: ends the run as completed with this response. Nothing else of the
 * agent runs.
 */
export class StopProcessing extends Error {
  override readonly name = 'StopProcessing';
  /** The output of the run: a text, or any value that JSON can represent. */
  readonly response: unknown;
  readonly publish_outbound: boolean;

  constructor(response?: unknown, { publish_outbound = true }: StopOptions = {}) {
    super('The code of the agent ended the run.');
    this.response = response;
    this.publish_outbound = publish_outbound;
    Object.defineProperty(this, stopProcessing, { value: true });
  }

  static override [Symbol.hasInstance](value: unknown): boolean {
    return value instanceof Error && Object.hasOwn(value, stopProcessing);
  }
}

/**
 * Thrown or returned by a hook: `before` skips the call of the tool, `after` replaces its result. The model gets `result`
 * either way.
 */
export class AbortTool extends Error {
  override readonly name = 'AbortTool';
  /** What the tool is to have returned: any value that JSON can represent. */
  readonly result: unknown;

  constructor(result?: unknown) {
    super('A hook skipped the call of the tool.');
    this.result = result;
    Object.defineProperty(this, abortTool, { value: true });
  }

  static override [Symbol.hasInstance](value: unknown): boolean {
    return value instanceof Error && Object.hasOwn(value, abortTool);
  }
}
