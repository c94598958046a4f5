import type { CallToolResult } from '@modelcontextprotocol/server';
import { isDotSegment } from '../../core/dot-segment.ts';
import { hasAlteredNumber, parseExactly } from '../../core/json/exact-json.ts';
import { isJsonObject, type JsonObject } from '../../core/json/json-value.ts';
import type { ManagementApp } from '../management-context.ts';
import { type OperationTool, operationTools } from './operation-tools.ts';

const openApi = { openapi: '3.1.0', info: { title: 'Management API', version: '1' } };

/**
 * The management API as a server of the Model Context Protocol, for assistants that operate the product. Each tool
 * makes its API call with the caller's own token: it has the caller's permissions, and the audit log shows the caller's
 * name.
 */
export function addMcpRoutes(app: ManagementApp): void {
  let document: object | undefined;
  app.post('/mcp', async (c) => {
    // Loaded with the first message: few systems are operated through MCP.
    const { createMcpHandler, Server } = await import('@modelcontextprotocol/server');
    document ??= app.getOpenAPI31Document(openApi);
    const tools = operationTools(document, c.var.role);
    const authorization = c.req.header('authorization') ?? '';
    const makeServer = () => {
      const server = new Server(
        { name: 'agent-connectors-management', version: '1' },
        { capabilities: { tools: {} } },
      );
      server.setRequestHandler('tools/list', () => ({ tools: tools.map(({ tool }) => tool) }));
      server.setRequestHandler('tools/call', async ({ params }) => {
        const called = tools.find(({ tool }) => tool.name === params.name);
        if (called === undefined) return unknownTool(params.name);
        return callOperation(app, called, jsonObjectOf(params.arguments), authorization);
      });
      return server;
    };
    const exact = exactMessage(await c.req.raw.clone().text());
    const read = exact === null ? {} : { parsedBody: exact };
    return createMcpHandler(makeServer, { maxSubscriptions: 0 }).fetch(c.req.raw, read);
  });
}

async function callOperation(
  app: ManagementApp,
  { method, path, parameters }: OperationTool,
  given: JsonObject,
  authorization: string,
): Promise<CallToolResult> {
  const rest = { ...given };
  const query = new URLSearchParams();
  let filled = path;
  for (const { name, in: place } of parameters) {
    const { [name]: value } = rest;
    delete rest[name];
    if (value === undefined) continue;
    if (place === 'query') query.append(name, textOf(value));
    else if (isDotSegment(textOf(value))) return wrongValue(name, textOf(value));
    else filled = filled.replace(`{${name}}`, encodeURIComponent(textOf(value)));
  }
  const body =
    method === 'GET' || method === 'DELETE'
      ? {}
      : { body: JSON.stringify(rest), headers: { authorization, 'content-type': 'application/json' } };
  const response = await app.request(`${filled}?${query}`, { method, headers: { authorization }, ...body });
  return resultOf(response.status, await response.text());
}

/** The API's response: text for the model, an object for programs. */
function resultOf(status: number, text: string): CallToolResult {
  if (status >= 400) return { content: [{ type: 'text', text }], isError: true };
  if (text === '') return { content: [{ type: 'text', text: 'Done.' }] };
  const answer = withoutSecret(parseExactly(text));
  return {
    content: [{ type: 'text', text: JSON.stringify(answer) }],
    ...(isJsonObject(answer) ? { structuredContent: answer } : {}),
  };
}

/** Removes a new connector's secret, which no model should read; the connector's details show it to operators. */
function withoutSecret(answer: unknown): unknown {
  if (!isJsonObject(answer)) return answer;
  const { secret: _secret, ...rest } = answer;
  return rest;
}

function wrongValue(name: string, value: string): CallToolResult {
  return { content: [{ type: 'text', text: `"${value}" is not a valid ${name}.` }], isError: true };
}

function unknownTool(name: string): CallToolResult {
  const text = `There is no tool ${name}, or your role does not allow it.`;
  return { content: [{ type: 'text', text }], isError: true };
}

function jsonObjectOf(given: unknown): JsonObject {
  return isJsonObject(given) ? given : {};
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/**
 * A message whose arguments keep the digits of their numbers; its other parts are read as `JSON.parse` reads them.
 *
 * @returns `null` if `JSON.parse` reads the text as exactly, or the text is no single call
 */
function exactMessage(text: string): JsonObject | null {
  if (!hasAlteredNumber(text)) return null;
  const exact = read(text, parseExactly);
  const plain = read(text, JSON.parse);
  if (!isJsonObject(exact) || !isJsonObject(exact['params'])) return null;
  if (!isJsonObject(plain) || !isJsonObject(plain['params'])) return null;
  const { arguments: given } = exact['params'];
  return given === undefined ? null : { ...plain, params: { ...plain['params'], arguments: given } };
}

function read(text: string, parse: (text: string) => unknown): unknown {
  try {
    return parse(text);
  } catch {
    return null;
  }
}
