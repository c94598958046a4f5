import { suggestion } from '../../core/nearest-name.ts';
import type { McpServer } from '../agent-definition.ts';
import { fillText, type Reference, referencesIn } from '../filled-text.ts';
import type { LlmFields } from './agent-fields.ts';
import type { AgentSource } from './agent-sources.ts';
import type { LoadContext } from './load-context.ts';
import { placeOf } from './yaml-sources/located-value.ts';

type ServerFields = NonNullable<LlmFields['mcp_servers']>[number];

/**
 * Checks an agent's MCP servers without connecting to them: names, addresses, headers, and the variables in both.
 * Problems go to the log. Variables stay as they are written: their values belong to the machine that runs the agent.
 */
export function checkMcpServers(
  servers: readonly ServerFields[],
  source: AgentSource,
  context: LoadContext,
): readonly McpServer[] {
  const known = new Set<string>();
  for (const [index, server] of servers.entries()) {
    const refuse = (field: readonly string[], message: string) => {
      const path = ['mcp_servers', index, ...field];
      context.log.refuse(placeOf(source.value, path), path, message);
    };
    const ofName = known.has(server.name) ? `Two servers have the name "${server.name}".` : null;
    const problem = ofName ?? collision(server, context);
    if (problem !== null) refuse(['name'], problem);
    const ofUrl = urlProblem(server.url, context);
    if (ofUrl !== null) refuse(['url'], ofUrl);
    for (const [name, text] of Object.entries(server.headers ?? {})) {
      for (const message of headerProblems(name, text, context)) refuse(['headers', name], message);
    }
    known.add(server.name);
  }
  return servers.map(({ name, url, headers = {}, tools = null, discoverable = false }) => ({
    ...{ name, url, headers, tools, discoverable },
  }));
}

function collision({ name }: ServerFields, { toolCatalog }: LoadContext): string | null {
  const module = toolCatalog.modules.get(name);
  if (module === undefined) return null;
  return `Tools of the server "${name}" would have the same names as those of ${module.file}. Rename one of them.`;
}

function urlProblem(url: string, context: LoadContext): string | null {
  const references = referencesIn(url);
  for (const reference of references) {
    const problem =
      reference.kind === 'context'
        ? `The address is the same for every run: \${context.${reference.path}} can only be in headers.`
        : referenceProblem(reference, context);
    if (problem !== null) return problem;
  }
  if (references.length > 0 && context.env === null) return null;
  const address = fillText(url, (reference) =>
    reference.kind === 'variable' ? (context.env?.[reference.name] ?? '') : '',
  );
  return addressProblem(url, address);
}

/** @param written the address without the values of variables, which may be secret */
function addressProblem(written: string, address: string): string | null {
  const parsed = URL.parse(address);
  if (parsed === null || !/^https?:$/.test(parsed.protocol)) {
    return `"${written}" is not an address such as https://mcp.example.com/mcp.`;
  }
  if (parsed.username === '' && parsed.password === '') return null;
  return 'The address contains a user name or a password. Put them into a header.';
}

const headerName = /^[!#$%&'*+.^_`|~\w-]+$/;
/** Headers of the connection and of the protocol. */
const ownHeaders = /^(accept|connection|content-.*|host|mcp-.*|te|trailer|transfer-encoding|upgrade)$/i;

function headerProblems(name: string, text: string, context: LoadContext): readonly string[] {
  if (!headerName.test(name)) return [`"${name}" is not the name of a header.`];
  if (ownHeaders.test(name)) return [`The header "${name}" is set by the connection itself.`];
  return referencesIn(text).flatMap((reference) => referenceProblem(reference, context) ?? []);
}

function referenceProblem(reference: Reference, { env }: LoadContext): string | null {
  if (reference.kind === 'unknown') {
    const { text } = reference;
    return `"${text}" is not a variable such as \${CRM_TOKEN}; write $${text} for this text itself.`;
  }
  if (reference.kind === 'context' || env === null || env[reference.name]) return null;
  const set = Object.entries(env).flatMap(([name, value]) => (value ? name : []));
  return `The variable ${reference.name} is not set.${suggestion(reference.name, set)}`;
}
