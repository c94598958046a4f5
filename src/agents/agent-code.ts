/*
 * What the code of a project imports from `agent-connectors/agent`. The bundle of a project has its own copy of these
 * classes: `instanceof` also recognizes objects of other copies, by symbols that all copies share.
 */

export type {
  GuardrailResult,
  MessageContent,
  MessagePart,
  SendOptions,
  SentMessage,
  ToolContext,
  ToolLog,
} from './agent-project.ts';

const stopProcessing = Symbol.for('agent-connectors.stop-processing');
const toolFile = Symbol.for('agent-connectors.tool-file');
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

export interface ToolFileFields {
  /** In Base64, or bytes. */
  readonly data: string | Uint8Array;
  /** Such as `image/png`. */
  readonly mime_type: string;
  /** Default: file. */
  readonly name?: string;
}

/**
 * Returned by a tool, alone or anywhere in its result: the model gets it as a file. In the payload of an agent, it has the
 * form of a sent file.
 */
export class ToolFile {
  readonly name: string;
  readonly mime_type: string;
  /** In Base64. */
  readonly data: string;

  constructor({ data, mime_type, name = 'file' }: ToolFileFields) {
    const text = typeof data === 'string' ? data : Buffer.from(data).toString('base64');
    if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text) || text.length % 4 !== 0) {
      throw new TypeError('A ToolFile needs data: bytes, or text in Base64.');
    }
    if (!/^[\w.+-]+\/[\w.+-]+$/.test(mime_type)) {
      throw new TypeError('A ToolFile needs a mime_type such as image/png.');
    }
    this.name = name;
    this.mime_type = mime_type;
    this.data = text;
    Object.defineProperty(this, toolFile, { value: true });
  }

  static [Symbol.hasInstance](value: unknown): boolean {
    return typeof value === 'object' && value !== null && Object.hasOwn(value, toolFile);
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
