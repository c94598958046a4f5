import { messageOf } from '../../core/errors.ts';
import type { JsonObject } from '../../core/json-value.ts';
import { AgentError } from './agent-error.ts';
import { withCapturedConsole } from './capture-console.ts';
import { abortable } from './deadline.ts';
import { shorten } from './redact.ts';
import type { Invocation } from './run-scope.ts';
import type { OpenSpan } from './trace-recorder.ts';

/** Characters of a tool's arguments and of its result that the trace keeps, each. */
const shownLength = 8_000;
/** Characters of a thrown error's message that the run's error repeats. */
const errorLength = 1_000;

export interface ToolCall {
  /** `module.function`. */
  readonly name: string;
  readonly input: unknown;
  /** The model's id of the call; `null` where no model asked for it. */
  readonly callId: string | null;
}

/**
 * Calls a tool of the project, as one span of the trace.
 *
 * @returns what the tool returns
 * @throws AgentError `tool-error` naming the tool and what it threw; RunCancelled, AgentError `timeout`
 */
export async function callTool(invocation: Invocation, call: ToolCall, parent: OpenSpan): Promise<unknown> {
  const { trace } = invocation.run;
  const start = {
    kind: 'tool',
    name: `execute_tool ${call.name}`,
    parent,
    attributes: attributesOf(invocation, call),
  };
  return trace.span({ ...start, kind: 'tool' }, async (span) => {
    const result = await runTool(invocation, call);
    span.set({ 'gen_ai.tool.call.result': trace.redactor.json(result, shownLength) });
    return result;
  });
}

function attributesOf(invocation: Invocation, call: ToolCall): JsonObject {
  return {
    'gen_ai.operation.name': 'execute_tool',
    'gen_ai.tool.name': call.name,
    'gen_ai.tool.type': 'function',
    ...(call.callId === null ? {} : { 'gen_ai.tool.call.id': call.callId }),
    'gen_ai.tool.call.arguments': invocation.run.trace.redactor.json(call.input, shownLength),
  };
}

async function runTool({ run, context, signal }: Invocation, { name, input }: ToolCall): Promise<unknown> {
  const tool = Object.hasOwn(run.code.tools, name) ? run.code.tools[name] : undefined;
  if (tool === undefined) throw new AgentError('tool-error', `The project has no tool named "${name}".`);
  const source = `tool:${name}`;
  try {
    // Each tool declares the input it takes; whether this one fits is the caller's to know.
    const work = async () => tool(input as never, context);
    return await abortable(withCapturedConsole(run.trace, source, work), signal);
  } catch (thrown) {
    if (signal.aborted) throw thrown;
    if (thrown instanceof Error && thrown.stack !== undefined) run.trace.log('error', source, thrown.stack);
    const message = shorten(run.trace.redactor.text(messageOf(thrown)), errorLength);
    throw new AgentError('tool-error', `The tool "${name}" failed: ${message}`, {
      cause: thrown,
      retryable: true,
    });
  }
}
