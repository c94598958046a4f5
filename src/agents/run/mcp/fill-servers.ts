import { messageOf } from '../../../core/errors.ts';
import { type JsonObject, valueAtPath } from '../../../core/json/json-value.ts';
import { isSecretName } from '../../../core/redaction/hide-secrets.ts';
import type { LlmAgent, McpServer } from '../../agent-definition.ts';
import { fillText, type Reference } from '../../filled-text.ts';
import { AgentError } from '../agent-error.ts';
import { visibleValues } from '../run-project-code.ts';
import type { Invocation } from '../run-scope.ts';

/** A server with the address and the headers that one run uses. */
export interface FilledServer {
  readonly server: McpServer;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** In ms. */
export interface SessionLimits {
  /** To connect, and to list the tools. */
  readonly connectMs: number;
  /** For a call; starts over whenever the server reports progress. */
  readonly callMs: number;
}

/** A server did not do what it was asked. The message is a sentence that contains nothing of the address and headers. */
export class ServerTrouble extends Error {
  override readonly name = 'ServerTrouble';
}

/**
 * Fills the variables and the run's context into the agent's MCP servers. What is filled in counts as secret: the trace
 * shows none of it.
 *
 * @throws AgentError `mcp-server-unusable` with a sentence that names what is missing
 */
export function fillServers(invocation: Invocation<LlmAgent>): readonly FilledServer[] {
  const { agent, run } = invocation;
  const { env } = run.environment;
  const context = visibleValues(invocation.context);
  const secrets: string[] = [];
  const fill = (text: string, what: string, server: McpServer) =>
    fillText(text, (reference) => {
      const value = textOf(reference, env, context);
      if (value === null) throw unusable(server, `${what} needs ${nameOf(reference)}, which is not set.`);
      secrets.push(value);
      return value;
    });
  const filled = agent.mcpServers.map((server) => {
    const headers = Object.entries(server.headers).map(([name, text]) => {
      const value = fill(text, `its header "${name}"`, server);
      // A scheme such as Bearer may stand before the secret.
      if (isSecretName(name, 'field')) secrets.push(value, value.replace(/^\S+ +/, ''));
      return [name, value] as const;
    });
    checkHeaders(server, headers);
    return { server, url: fill(server.url, 'its address', server), headers: Object.fromEntries(headers) };
  });
  run.trace.hide(secrets);
  return filled;
}

function textOf(
  reference: Reference,
  env: Readonly<Record<string, string | undefined>>,
  context: JsonObject,
): string | null {
  const value =
    reference.kind === 'variable'
      ? env[reference.name]
      : reference.kind === 'context'
        ? valueAtPath(context, reference.path)
        : undefined;
  if (value === undefined || value === null || value === '' || typeof value === 'object') return null;
  return String(value);
}

function nameOf(reference: Reference): string {
  if (reference.kind === 'variable') return `the variable ${reference.name}`;
  return reference.kind === 'context' ? `context.${reference.path}` : reference.text;
}

/** Values from the context may contain characters that headers cannot have, such as line breaks. */
function checkHeaders(server: McpServer, headers: readonly (readonly [string, string])[]): void {
  for (const [name, value] of headers) {
    try {
      new Headers([[name, value]]);
    } catch (thrown) {
      const isValue = !messageOf(thrown).includes('header name');
      throw unusable(
        server,
        `its header "${name}" has ${isValue ? 'a value' : 'a name'} that HTTP does not allow.`,
      );
    }
  }
}

function unusable({ name }: McpServer, reason: string): AgentError {
  return new AgentError('mcp-server-unusable', `The MCP server "${name}" cannot be used: ${reason}`);
}
