import type { AnswerStream, HttpAnswer } from '../../core/connectors/http-request.ts';

/** How many characters a model writes between two notifications. */
const charactersANotification = 200;

/**
 * Answers a call with progress notifications, as server-sent events (MCP specification, "Progress" and "Streamable
 * HTTP").
 *
 * @param token identifies the call in notifications
 * @param requestId of the call
 */
export function progressStream(token: string | number, requestId: string | number): AnswerStream {
  let written = 0;
  let told = 0;
  let notifications = 0;
  // The value must rise with each notification.
  const progress = (message: string) =>
    frame({
      jsonrpc: '2.0',
      method: 'notifications/progress',
      params: { progressToken: token, progress: ++notifications, message },
    });
  return {
    headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' },
    // Clients end a call that tells nothing for about a minute.
    heartbeat: () => progress('The agent is still running.'),
    started: (runId) => progress(`Started run ${runId}.`),
    text(_runId, text) {
      written += text.length;
      if (written - told < charactersANotification) return '';
      told = written;
      return progress(`The agent has written ${written} characters.`);
    },
    ended: ({ status, body }: HttpAnswer) =>
      status === 200 ? eventOf(body) : frame({ jsonrpc: '2.0', id: requestId, error: errorOf(body) }),
  };
}

/** Reads an answer outside the protocol, which reports that the result could not be read. */
function errorOf(body: string): { code: number; message: string } {
  const { detail }: { detail?: unknown } = JSON.parse(body);
  return { code: internalError, message: typeof detail === 'string' ? detail : 'Internal error.' };
}

/** JSON-RPC 2.0, section 5.1. */
const internalError = -32_603;

function frame(message: object): string {
  return eventOf(JSON.stringify(message));
}

/** JSON text contains no raw line breaks. */
function eventOf(json: string): string {
  return `event: message\ndata: ${json}\n\n`;
}
