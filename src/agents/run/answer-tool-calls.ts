import type { ModelMessage, ToolModelMessage, ToolSet, TypedToolCall, UserModelMessage } from 'ai';
import { messageOf } from '../../core/errors.ts';
import { jsonValue } from '../../core/json/json-value.ts';
import type { LlmAgent } from '../agent-definition.ts';
import type { ToolDescription } from '../agent-project.ts';
import { builtInTool } from '../built-in-tools.ts';
import { RunStopped } from './agent-error.ts';
import { callTool, type ToolCall, toolSpan } from './call-tool.ts';
import type { FoundTools } from './found-tools.ts';
import { type SchemaCheck, schemaCheck } from './json-schema.ts';
import { textOf } from './run-project-code.ts';
import type { Invocation, ProvidedTool } from './run-scope.ts';
import { filesMessage, ToolAnswer, ToolRefusal } from './tool-answer.ts';
import type { ToolNames } from './tool-names.ts';

type ToolResult = Extract<ToolModelMessage['content'][number], { type: 'tool-result' }>;

/** The tools that a model may call now. */
export interface CallableTools {
  readonly names: ToolNames;
  /** Those that are no code of the project. */
  readonly provided: readonly ProvidedTool[];
  /** `null` if the model searches for no tools. */
  readonly found: Pick<FoundTools, 'meantBy'> | null;
}

/** The answer to one call, and the files of it. */
interface AnsweredCall {
  readonly result: ToolResult;
  readonly files: UserModelMessage | null;
}

/**
 * Calls the tools that a model requests, concurrently, and returns their results as the conversation's next messages.
 * Arguments that do not fit are reported to the model. The library has already reported invalid JSON and unknown tools
 * (such calls only add a span here).
 *
 * @throws once all have ended: RunStopped if one ends the run, else AgentError `tool-error` of the first failed call; RunCancelled, AgentError `timeout`
 */
export async function answerToolCalls(
  invocation: Invocation<LlmAgent>,
  toolCalls: readonly TypedToolCall<ToolSet>[],
  available: CallableTools,
): Promise<readonly ModelMessage[]> {
  const ended = await Promise.allSettled(
    toolCalls.map((call) => answerToolCall(invocation, call, available)),
  );
  const stopped = ended.find((one) => one.status === 'rejected' && one.reason instanceof RunStopped);
  if (stopped?.status === 'rejected') throw stopped.reason;
  const answered: AnsweredCall[] = [];
  for (const result of ended) {
    if (result.status === 'rejected') throw result.reason;
    if (result.value !== null) answered.push(result.value);
  }
  if (answered.length === 0) return [];
  const results = { role: 'tool' as const, content: answered.map(({ result }) => result) };
  return [results, ...answered.flatMap(({ files }) => files ?? [])];
}

async function answerToolCall(
  invocation: Invocation<LlmAgent>,
  call: TypedToolCall<ToolSet>,
  { names, provided, found }: CallableTools,
): Promise<AnsweredCall | null> {
  const { toolCallId, toolName, input } = call;
  const name = names.projectName(toolName);
  const answering = provided.find(({ tool }) => tool.name === name) ?? null;
  const asked = { name, input, callId: toolCallId, provided: answering, problemOf: null };
  if (call.invalid === true) {
    await traceRefusedCall(invocation, asked, messageOf(call.error));
    return null;
  }
  const answer = (output: ToolResult['output'], files: UserModelMessage | null = null) => ({
    result: { type: 'tool-result' as const, toolCallId, toolName, output },
    files,
  });
  const refuse = async (refused: ToolCall, problem: string) => {
    await traceRefusedCall(invocation, refused, problem);
    return answer({ type: 'error-text', value: problem });
  };
  const meant = found === null ? asked : await found.meantBy(asked);
  if (typeof meant === 'string') return refuse(asked, meant);
  const problemOf = (given: unknown) => problemOfArguments(invocation, meant, given);
  const problem = problemOf(meant.input);
  if (problem !== null) return refuse(meant, problem);
  try {
    const returned = await callTool(invocation, { ...meant, problemOf }, invocation.span);
    if (returned instanceof ToolAnswer) {
      const files = filesMessage(meant.name, returned.files);
      return answer({ type: 'text', value: returned.text }, files);
    }
    return answer(resultOf(returned, `The tool "${meant.name}"`));
  } catch (thrown) {
    if (!(thrown instanceof ToolRefusal)) throw thrown;
    return answer({ type: 'error-text', value: thrown.message });
  }
}

function problemOfArguments(
  { run }: Invocation,
  { name, provided }: ToolCall,
  input: unknown,
): string | null {
  const tool = provided?.tool ?? builtInTool(name) ?? run.project.tools.find((known) => known.name === name);
  const problem = tool === undefined ? null : checkOf(tool)(input);
  return problem === null ? null : `The arguments do not fit: ${problem}.`;
}

/** A server may describe a tool with a schema that is not valid; the server then checks the arguments itself. */
function checkOf({ parameters }: ToolDescription): SchemaCheck {
  try {
    return schemaCheck(parameters);
  } catch {
    return () => null;
  }
}

/** Text goes to the model as text, everything else as JSON. */
function resultOf(returned: unknown, author: string): ToolResult['output'] {
  const text = textOf(returned, author);
  if (typeof returned === 'string' || returned === undefined) return { type: 'text', value: text };
  return { type: 'json', value: jsonValue.parse(JSON.parse(text)) };
}

async function traceRefusedCall({ run, span }: Invocation, call: ToolCall, problem: string): Promise<void> {
  const start = toolSpan(run, call, span);
  await run.trace.span(start, () => Promise.reject(new Error(problem))).catch(() => undefined);
}
