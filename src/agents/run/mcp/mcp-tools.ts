import type { Tool } from '@modelcontextprotocol/client';
import { privateTargetsVariable } from '../../../core/connectors/private-targets.ts';
import { isJsonObject, type JsonObject, jsonObject } from '../../../core/json/json-value.ts';
import { suggestion } from '../../../core/nearest-name.ts';
import type { LlmAgent, McpServer } from '../../agent-definition.ts';
import { patternOf } from '../../tool-patterns.ts';
import type { Invocation, ProvidedTool, RunScope } from '../run-scope.ts';
import { ToolRefusal } from '../tool-answer.ts';
import type { OpenSpan } from '../trace-recorder.ts';
import { type FilledServer, fillServers, ServerTrouble } from './fill-servers.ts';
import type { McpSession } from './mcp-session.ts';
import { answerOf } from './tool-result.ts';

/** Tools of one server that a model gets: more make models choose badly, and some providers refuse them. */
const mostTools = 100;
const mostDescriptionCharacters = 4_000;
const mostReasonCharacters = 1_000;

/** Limits in ms; a short timeout of the agent leaves time for the model. */
const longestConnectMs = 10_000;
const longestCallMs = 60_000;

/** The MCP servers of an agent at work. */
export interface McpTools {
  /** The tools that the model gets now. */
  tools(): Promise<readonly ProvidedTool[]>;
  /** The tools that the model finds by searching. The first call connects to their servers. */
  discoverable(): Promise<readonly ProvidedTool[]>;
  /** Ends the sessions. */
  close(): Promise<void>;
}

/**
 * Connects to the agent's MCP servers at the same time; to those whose tools the model searches for, when it does. The
 * agent runs without the tools of a server that is not available; a warning of the run says so.
 *
 * @throws AgentError `mcp-server-unusable` if an address or a header lacks a value; RunCancelled, AgentError `timeout`
 */
export async function connectServers(invocation: Invocation<LlmAgent>): Promise<McpTools> {
  const filled = fillServers(invocation);
  const [searched, listed] = [true, false].map((discoverable) =>
    filled.filter(({ server }) => server.discoverable === discoverable),
  );
  const opened: McpSession[] = [];
  let found: Promise<readonly OpenServer[]> | null = null;
  const close = async () => {
    await Promise.all(opened.map((session) => session.close()));
  };
  try {
    const connected = await connectAll(invocation, listed ?? [], opened);
    return {
      tools: () => currentTools(invocation, connected),
      async discoverable() {
        found ??= connectAll(invocation, searched ?? [], opened);
        return currentTools(invocation, await found);
      },
      close,
    };
  } catch (thrown) {
    await close();
    throw thrown;
  }
}

interface OpenServer {
  readonly server: McpServer;
  readonly session: McpSession;
}

/** @param opened collects the sessions, also those that failed */
async function connectAll(
  invocation: Invocation<LlmAgent>,
  servers: readonly FilledServer[],
  opened: McpSession[],
): Promise<readonly OpenServer[]> {
  if (servers.length === 0) return [];
  // Loaded only now: an agent that does not search needs no connection.
  const { McpSession } = await import('./mcp-session.ts');
  const { run, agent, signal } = invocation;
  const privateTargets = privateTargetsVariable.parse(run.environment.env['ALLOW_PRIVATE_TARGETS']);
  const limits = {
    connectMs: Math.min(longestConnectMs, agent.timeoutSeconds * 250),
    callMs: Math.min(longestCallMs, agent.timeoutSeconds * 500),
  };
  const connected = await Promise.all(
    servers.map(async (filled) => {
      const session = new McpSession(filled, privateTargets, limits, signal);
      opened.push(session);
      const { server } = filled;
      return (await connect(invocation, server, session)) ? [{ server, session }] : [];
    }),
  );
  return connected.flat();
}

/** @returns whether the server is available */
async function connect(
  { run, span: parent }: Invocation<LlmAgent>,
  { name }: McpServer,
  session: McpSession,
): Promise<boolean> {
  const attributes = { 'mcp.server.name': name };
  try {
    await run.trace.span({ kind: 'step', name: `connect ${name}`, parent, attributes }, async (span) => {
      await session.connect();
      const tools = await session.tools();
      span.set({ 'mcp.protocol.version': session.protocolVersion, 'mcp.tools.count': tools.length });
    });
    return true;
  } catch (thrown) {
    if (!(thrown instanceof ServerTrouble)) throw thrown;
    const reason = run.trace.redactor.text(thrown.message, mostReasonCharacters);
    run.warnings.add(`The agent runs without the tools of the MCP server "${name}": ${reason}`);
    return false;
  }
}

async function currentTools(
  invocation: Invocation<LlmAgent>,
  servers: readonly OpenServer[],
): Promise<readonly ProvidedTool[]> {
  const lists = await Promise.all(servers.map((server) => toolsOf(invocation, server)));
  return lists.flat();
}

async function toolsOf(
  { run }: Invocation<LlmAgent>,
  { server, session }: OpenServer,
): Promise<readonly ProvidedTool[]> {
  const all = await listed(session);
  for (const warning of missingTools(server, all)) run.warnings.add(warning);
  const chosen = all.filter(({ name }) => isChosen(server, name));
  const isTooLong = !server.discoverable && chosen.length > mostTools;
  if (isTooLong) {
    run.warnings.add(
      `The model gets the first ${mostTools} of the ${chosen.length} tools of the MCP server "${server.name}". Choose some with its field tools, or set discoverable to true.`,
    );
  }
  return (isTooLong ? chosen.slice(0, mostTools) : chosen).map((tool) =>
    providedTool({ run, server, session }, tool),
  );
}

/** A list that cannot be renewed is still the best that there is. */
async function listed(session: McpSession): Promise<readonly Tool[]> {
  return session.tools().catch((thrown: unknown) => {
    if (!(thrown instanceof ServerTrouble)) throw thrown;
    return session.tools();
  });
}

function isChosen({ tools }: McpServer, name: string): boolean {
  return tools === null || tools.some((pattern) => patternOf(pattern, '.*').test(name));
}

/** A sentence for each name that the agent's file gives and the server does not have. */
function missingTools({ name: serverName, tools }: McpServer, listed: readonly Tool[]): readonly string[] {
  const names = listed.map(({ name }) => name);
  return (tools ?? []).flatMap((pattern) => {
    const matcher = patternOf(pattern, '.*');
    if (names.some((name) => matcher.test(name))) return [];
    return `The MCP server "${serverName}" has no tool "${pattern}".${suggestion(pattern, names)}`;
  });
}

interface Callee {
  readonly run: RunScope;
  readonly server: McpServer;
  readonly session: McpSession;
}

function providedTool(callee: Callee, listedTool: Tool): ProvidedTool {
  const { name, title, description = title ?? '', inputSchema } = listedTool;
  const parsed = jsonObject.safeParse(inputSchema);
  const tool = {
    name: `${callee.server.name}.${name}`,
    description: description.slice(0, mostDescriptionCharacters),
    parameters: parsed.success ? parsed.data : anyObject,
  };
  return { tool, call: (input, span) => callTool(callee, name, input, span) };
}

const anyObject: JsonObject = { type: 'object' };

async function callTool(
  { run, server, session }: Callee,
  toolName: string,
  input: unknown,
  span: OpenSpan,
): Promise<unknown> {
  span.set({
    'gen_ai.tool.type': 'extension',
    'mcp.server.name': server.name,
    'mcp.method.name': 'tools/call',
    'mcp.protocol.version': session.protocolVersion,
  });
  try {
    return answerOf(await session.call(toolName, isJsonObject(input) ? input : {}));
  } catch (thrown) {
    if (!(thrown instanceof ServerTrouble)) throw thrown;
    const reason = run.trace.redactor.text(thrown.message, mostReasonCharacters);
    throw new ToolRefusal(`The MCP server "${server.name}" failed: ${reason}`);
  }
}
