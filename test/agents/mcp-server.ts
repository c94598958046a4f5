import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import {
  type CallToolResult,
  createMcpHandler,
  Server,
  type ServerContext,
  type Tool,
  WebStandardStreamableHTTPServerTransport,
} from '@modelcontextprotocol/server';

export interface ServedTool {
  readonly name: string;
  readonly description?: string;
  readonly inputSchema?: Tool['inputSchema'];
  readonly call?: (
    input: Record<string, unknown>,
    context: ServerContext,
  ) => CallToolResult | Promise<CallToolResult>;
}

/** How a server speaks: the current revision; an older one without sessions; or an older one with them. */
export type Speech = 'current' | 'stateless' | 'stateful';

export interface ServedMcp {
  /** Where clients connect. */
  readonly url: string;
  /** One per HTTP request, in order. */
  readonly requests: readonly { readonly method: string; readonly headers: Headers }[];
  /** The sessions that are open. */
  readonly sessions: ReadonlyMap<string, unknown>;
  close(): Promise<void>;
}

export interface McpOptions {
  readonly speech?: Speech;
  /** Read for each list, so that a call can change it. */
  readonly tools: readonly ServedTool[];
  /** Tools per page of the list; by default, all are on one. */
  readonly pageSize?: number;
  /** The only revision that the server speaks. */
  readonly version?: string;
  readonly port?: number;
}

/** Starts a server with the official SDK on 127.0.0.1. */
export async function startMcpServer(options: McpOptions): Promise<ServedMcp> {
  const { speech = 'current' } = options;
  const requests: { method: string; headers: Headers }[] = [];
  const sessions = new Map<string, WebStandardStreamableHTTPServerTransport>();
  const make = () => serverOf(options);
  const current = createMcpHandler(make, { legacy: 'reject' });
  const answer = {
    current: (request: Request) => current.fetch(request),
    stateless: async (request: Request) => {
      const transport = new WebStandardStreamableHTTPServerTransport({ enableJsonResponse: true });
      await make().connect(transport);
      return transport.handleRequest(request);
    },
    stateful: (request: Request) => answerInSession(request, sessions, make),
  }[speech];
  const listener = getRequestListener((request) => {
    requests.push({ method: request.method, headers: request.headers });
    return answer(request);
  });
  const { url, close } = await listen(listener, options.port);
  return {
    url: `${url}/mcp`,
    requests,
    sessions,
    async close() {
      await current.close();
      await close();
    },
  };
}

async function answerInSession(
  request: Request,
  sessions: Map<string, WebStandardStreamableHTTPServerTransport>,
  make: () => Server,
): Promise<Response> {
  const known = sessions.get(request.headers.get('mcp-session-id') ?? '');
  if (known !== undefined) return known.handleRequest(request);
  const transport = new WebStandardStreamableHTTPServerTransport({
    sessionIdGenerator: () => crypto.randomUUID(),
    onsessioninitialized: (id) => void sessions.set(id, transport),
    onsessionclosed: (id) => void sessions.delete(id),
  });
  await make().connect(transport);
  return transport.handleRequest(request);
}

function serverOf({ tools, pageSize = Number.POSITIVE_INFINITY, version }: McpOptions): Server {
  const server = new Server(
    { name: 'tests', version: '1' },
    {
      capabilities: { tools: { listChanged: true } },
      ...(version === undefined ? {} : { supportedProtocolVersions: [version] }),
    },
  );
  server.setRequestHandler('tools/list', ({ params }) => {
    const from = Number(params?.cursor ?? 0);
    const page = tools.slice(from, from + pageSize).map(({ name, description = '', inputSchema }) => ({
      name,
      description,
      inputSchema: inputSchema ?? { type: 'object' as const },
    }));
    return {
      tools: page,
      ...(from + pageSize < tools.length ? { nextCursor: String(from + pageSize) } : {}),
    };
  });
  server.setRequestHandler('tools/call', async ({ params }, context) => {
    const tool = tools.find(({ name }) => name === params.name);
    return tool?.call?.(params.arguments ?? {}, context) ?? textResult(`${params.name} was called`);
  });
  return server;
}

/** The result of a tool: a text, which is an error if the tool says so. */
export function textResult(text: string, isError = false): CallToolResult {
  return { content: [{ type: 'text', text }], isError };
}

/** Starts any HTTP server on 127.0.0.1. */
export async function listen(listener: RequestListener, port = 0) {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const { port: used } = server.address() as AddressInfo;
  const close = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { url: `http://127.0.0.1:${used}`, close };
}
