import {
  type CallToolRequest,
  type CallToolResult,
  createMcpHandler,
  isLegacyRequest,
  Server,
  type Tool,
  WebStandardStreamableHTTPServerTransport,
} from '@modelcontextprotocol/server';
import type { HttpAnswer, HttpRequest } from '../../core/connectors/http-request.ts';
import type { JsonValue } from '../../core/json/json-value.ts';

export type CallParams = CallToolRequest['params'];

/** What the server offers to a client. */
export interface Offered {
  readonly tools: readonly Tool[];
  /** Answers a call immediately, or returns `null` if a run must answer it. */
  answerCall(call: CallParams): Promise<CallToolResult | null>;
}

export type Spoken =
  | { readonly outcome: 'answered'; readonly answer: HttpAnswer }
  /** The message calls a tool. `answerWith` turns the call's result into the answer. */
  | {
      readonly outcome: 'called';
      readonly call: CallParams;
      /** Whether the client uses a revision before 2026-07-28. */
      readonly isLegacy: boolean;
      readonly answerWith: (result: CallToolResult) => Promise<HttpAnswer>;
    };

/**
 * Handles one request of the Model Context Protocol statelessly, for every revision from 2025-03-26 on.
 *
 * @param message the body of the request, parsed
 */
export async function speak(request: HttpRequest, message: JsonValue, offered: Offered): Promise<Spoken> {
  const called = Promise.withResolvers<CallParams>();
  const result = Promise.withResolvers<CallToolResult>();
  const server = () => serverOf(offered, called.resolve, result.promise);
  const sent = new Request('http://localhost/', { method: 'POST', headers: headersOf(request), body: '{}' });
  const isLegacy = await isLegacyRequest(sent, message);
  const answering = (isLegacy ? answerLegacy : answerModern)(server, sent, message).then(answerOf);
  const first = await Promise.race([
    called.promise.then((call) => ({ call })),
    answering.then((answer) => ({ answer })),
  ]);
  if ('answer' in first) return { outcome: 'answered', answer: first.answer };
  const answerWith = (ended: CallToolResult) => {
    result.resolve(ended);
    return answering;
  };
  return { outcome: 'called', call: first.call, isLegacy, answerWith };
}

function serverOf(
  { tools, answerCall }: Offered,
  onCall: (call: CallParams) => void,
  result: Promise<CallToolResult>,
): Server {
  const server = new Server({ name: 'agent-connectors', version: '1' }, { capabilities: { tools: {} } });
  server.setRequestHandler('tools/list', () => ({ tools: [...tools] }));
  server.setRequestHandler('tools/call', async ({ params }) => {
    const answer = await answerCall(params);
    if (answer !== null) return answer;
    onCall(params);
    return result;
  });
  return server;
}

type Answering = (makeServer: () => Server, request: Request, message: JsonValue) => Promise<Response>;

/** Revision 2026-07-28 and later. Subscriptions are refused because this server never reports changes. */
const answerModern: Answering = (makeServer, request, message) =>
  createMcpHandler(makeServer, { legacy: 'reject', maxSubscriptions: 0 }).fetch(request, {
    parsedBody: message,
  });

/** Revisions with an `initialize` handshake, which does not oblige the server to keep state. */
const answerLegacy: Answering = async (makeServer, request, message) => {
  const transport = new WebStandardStreamableHTTPServerTransport({ enableJsonResponse: true });
  await makeServer().connect(transport);
  return transport.handleRequest(request, { parsedBody: message });
};

/** Drops length and encoding, which describe the original bytes. */
function headersOf({ headers }: HttpRequest): Headers {
  const kept = Object.entries(headers).filter(([name]) => !/^(content-(length|encoding)|host)$/.test(name));
  return new Headers(kept.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}

async function answerOf(response: Response): Promise<HttpAnswer> {
  const headers = Object.fromEntries(response.headers);
  return {
    status: response.status,
    headers: { ...headers, 'cache-control': 'no-store' },
    body: await response.text(),
  };
}
