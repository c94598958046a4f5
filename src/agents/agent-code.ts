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

const abortTool = Symbol.for('agent-connectors.abort-tool');

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
