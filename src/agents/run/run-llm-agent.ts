import { jsonSchema, type ModelMessage, type ToolSet, type UserModelMessage } from 'ai';
import { messageOf, RetryableError } from '../../core/errors.ts';
import { keyAtPath } from '../../core/identifiers.ts';
import { type JsonObject, type JsonValue, valueAtPath } from '../../core/json/json-value.ts';
import type { LlmAgent } from '../agent-definition.ts';
import type { MessageContent, MessagePart, ToolDescription } from '../agent-project.ts';
import { AgentError } from './agent-error.ts';
import { answerToolCalls, type CallableTools } from './answer-tool-calls.ts';
import { AgentModels } from './ask-model.ts';
import type { Conversation, ConversationCompressor } from './compress-conversation.ts';
import { keepConversation, restoreConversation } from './conversation.ts';
import { abortable } from './deadline.ts';
import type { FoundTools } from './found-tools.ts';
import type { McpTools } from './mcp/mcp-tools.ts';
import { contentOfPayload, parseContent, textOfFile } from './model-input.ts';
import { applyAfter, applyBefore, visibleValues } from './run-project-code.ts';
import type { AgentAnswer, Invocation, ProvidedTool } from './run-scope.ts';
import { fitToSchema } from './schema-output.ts';
import { sendTools } from './send-messages.ts';
import { toolNames } from './tool-names.ts';
import { usableTools } from './usable-tools.ts';

/**
 * Runs an llm agent: asks its model and calls the tools that the model requests, until the model answers or
 * `max_iterations` model calls are used up.
 *
 * @throws AgentError `model-error`, `model-refused`, `output-truncated`, `output-invalid`, `tool-error`,
 *   `middleware-error`, `provider-key-missing`, `model-unknown`, `max-iterations`; RunCancelled, AgentError `timeout`;
 *   RetryableError if the conversation cannot be loaded
 */
export async function runLlmAgent(invocation: Invocation<LlmAgent>): Promise<AgentAnswer> {
  const { agent } = invocation;
  const sending = sendTools(invocation);
  // Awaited below, unless the run ends before that.
  sending.catch(() => undefined);
  const content = await contentOf(invocation);
  const answer = await withServers(invocation, async (connecting) => {
    const session = await openSession(invocation);
    return converse(invocation, content, session, await sending, await connecting);
  });
  const text = await applyAfter(invocation, answer.text);
  const { outputSchema } = agent;
  const isChanged = text !== answer.text && outputSchema !== null;
  const output = isChanged ? fitToSchema(text, outputSchema, 'What the middleware "after" returned') : text;
  return { text: output, session: answer.session };
}

/** The input of the agent, as its middleware leaves it. */
async function contentOf(invocation: Invocation<LlmAgent>): Promise<MessageContent> {
  const { payload, modelInput } = invocation;
  return parseContent(await applyBefore(invocation, contentOfPayload(payload, modelInput)));
}

async function converse(
  invocation: Invocation<LlmAgent>,
  firstContent: MessageContent,
  session: OpenSession | null,
  sending: readonly ProvidedTool[],
  servers: McpTools | null,
): Promise<AgentAnswer> {
  const { agent } = invocation;
  let content = firstContent;
  const models = new AgentModels(invocation, async () => {
    content = await contentOf(invocation);
  });
  const found = await foundTools(invocation, servers);
  const compressor = await compressorOf(invocation);
  const earlier = session?.earlier ?? [];
  let conversation: Conversation = {
    earlier: compressor === null ? earlier : await compressor.ofSession(earlier),
    written: [],
  };
  for (let iteration = 0; iteration < agent.maxIterations; iteration++) {
    const available = await availableTools(invocation, sending, servers, found);
    const promptOf = ({ earlier, written }: Conversation, readsTextFiles: boolean) => ({
      systemPrompt: systemPromptOf(invocation),
      messages: [...earlier, userMessage(content, readsTextFiles), ...written],
      tools: available.tools,
    });
    const fitting = await compressor?.fit(conversation, (shortened) => promptOf(shortened, true));
    if (fitting !== undefined && fitting !== conversation) {
      conversation = fitting;
      models.showAgain();
    }
    const { earlier, written } = conversation;
    const step = await models.ask(({ provider }) => promptOf(conversation, provider.readsTextFiles));
    if (step.toolCalls.length === 0) {
      const messages = [...earlier, userMessage(content, true), ...written, ...step.messages];
      const kept = session && { key: session.key, messages: keepConversation(messages) };
      return { text: step.text, session: kept };
    }
    const results = await answerToolCalls(invocation, step.toolCalls, available);
    conversation = { earlier, written: [...written, ...step.messages, ...results] };
  }
  const times = agent.maxIterations === 1 ? 'one model call' : `${agent.maxIterations} model calls`;
  throw new AgentError(
    'max-iterations',
    `The agent "${agent.name}" had no answer after ${times} (max_iterations).`,
  );
}

/**
 * Connects the agent's MCP servers while `work` prepares, and disconnects them however it ends. Loads no code for them
 * if the agent has none.
 */
async function withServers<T>(
  invocation: Invocation<LlmAgent>,
  work: (connecting: Promise<McpTools> | null) => Promise<T>,
): Promise<T> {
  if (invocation.agent.mcpServers.length === 0) return work(null);
  const { connectServers } = await import('./mcp/mcp-tools.ts');
  const connecting = connectServers(invocation);
  // Awaited below, unless the run ends before that.
  connecting.catch(() => undefined);
  try {
    return await work(connecting);
  } finally {
    await connecting.then(
      (servers) => servers.close(),
      () => undefined,
    );
  }
}

/** The tools that the model finds by searching; `null` if the agent has none, which loads no code for them. */
async function foundTools(
  invocation: Invocation<LlmAgent>,
  servers: McpTools | null,
): Promise<FoundTools | null> {
  const { discoverableTools, mcpServers } = invocation.agent;
  if (discoverableTools.length === 0 && !mcpServers.some(({ discoverable }) => discoverable)) return null;
  const { FoundTools } = await import('./found-tools.ts');
  return new FoundTools(invocation, servers);
}

/** Shortens the conversation; `null` if the agent does not ask for it, which loads no code for it. */
async function compressorOf(invocation: Invocation<LlmAgent>): Promise<ConversationCompressor | null> {
  const { compression } = invocation.agent;
  if (compression === null) return null;
  const { ConversationCompressor } = await import('./compress-conversation.ts');
  return new ConversationCompressor(invocation, compression);
}

/** Filled again for every call: tools may have changed the context. */
function systemPromptOf({ agent, context }: Invocation<LlmAgent>): string {
  return fillSystemPrompt(agent.systemPrompt, visibleValues(context));
}

interface AvailableTools extends CallableTools {
  /** As the model gets them, by their wire names. */
  readonly tools: ToolSet;
}

/** All that a model may call now: some tools depend on the context, and servers may change theirs. */
async function availableTools(
  invocation: Invocation<LlmAgent>,
  sending: readonly ProvidedTool[],
  servers: McpTools | null,
  found: FoundTools | null,
): Promise<AvailableTools> {
  const listed = servers === null ? [] : await servers.tools();
  const provided = [...sending, ...listed, ...(found?.tools ?? [])];
  const usable = usableTools(invocation, invocation.agent.tools);
  const descriptions = [...usable, ...provided.map(({ tool }) => tool)];
  // Names do not depend on conditions, so that a tool keeps its own.
  const names = toolNames([
    ...invocation.agent.tools.map(({ name }) => name),
    ...provided.map(({ tool }) => tool.name),
  ]);
  const tools = Object.fromEntries(
    descriptions.map((tool) => [names.wireName(tool.name), declaration(tool)] as const),
  );
  return { tools, names, provided, found };
}

/** A tool without `execute`: the agent's loop checks the arguments and calls it. */
function declaration({ description, parameters }: ToolDescription) {
  return { description, inputSchema: jsonSchema<unknown>(parameters) };
}

/** A conversation that a run continues. */
interface OpenSession {
  readonly key: string;
  readonly earlier: readonly ModelMessage[];
}

/**
 * Loads the conversation that the agent keeps under the run's key, or that of the connection that brought the event; call
 * it after middleware may have changed the context. A conversation that cannot be read starts over, with a warning.
 *
 * @returns `null` if the agent keeps no conversation, or the run has no key for one
 * @throws RetryableError if it cannot be loaded; RunCancelled, AgentError `timeout`
 */
async function openSession(invocation: Invocation<LlmAgent>): Promise<OpenSession | null> {
  const { agent, context, loadSession, run, signal } = invocation;
  if (loadSession === null) return null;
  const key =
    agent.session === null
      ? run.request.conversationKey
      : // What a guardrail redacts would be the same key for everybody.
        keyAtPath({ input: run.request.payload.exact, context: visibleValues(context) }, agent.session.key);
  if (key === undefined || key === null) return null;
  run.sessionKey = key;
  const earlier = restoreConversation(await abortable(loaded(loadSession, key), signal));
  if (earlier === null) run.warnings.add('The conversation could not be loaded. This run starts a new one.');
  return { key, earlier: earlier ?? [] };
}

async function loaded(
  loadSession: NonNullable<Invocation['loadSession']>,
  key: string,
): Promise<readonly JsonValue[]> {
  try {
    return await loadSession(key);
  } catch (thrown) {
    throw new RetryableError(`the conversation could not be loaded: ${messageOf(thrown)}`, { cause: thrown });
  }
}

const placeholder = /\{([A-Za-z_][\w-]*(?:\.[\w-]+)*)\}/g;

/**
 * Fills `{name}` and `{name.field}` in a system prompt from the run's context: texts unchanged, `null` as nothing,
 * other values as JSON text. Names that the context does not have stay as they are.
 */
export function fillSystemPrompt(prompt: string, context: JsonObject): string {
  return prompt.replace(placeholder, (original, path: string) => {
    const value = valueAtPath(context, path);
    if (value === undefined) return original;
    if (value === null) return '';
    return typeof value === 'string' ? value : JSON.stringify(value);
  });
}

/**
 * The content as a message to a model.
 *
 * @param readsTextFiles whether the provider accepts text files; otherwise their text goes into the message
 */
function userMessage(content: MessageContent, readsTextFiles: boolean): UserModelMessage {
  return { role: 'user', content: content.parts.map((part) => messagePart(part, readsTextFiles)) };
}

function messagePart(part: MessagePart, readsTextFiles: boolean) {
  if ('text' in part) return { type: 'text' as const, text: part.text };
  const filename = part.name ?? 'file';
  const text = readsTextFiles ? null : textOfFile(part);
  if (text !== null) {
    return { type: 'text' as const, text: `File "${filename}" (${part.mime_type}):\n${text}` };
  }
  return { type: 'file' as const, data: part.data, mediaType: part.mime_type, filename };
}
