import type { AnswerStream } from '../../core/connectors/answer-stream.ts';
import type { HttpRequest } from '../../core/connectors/http-request.ts';

/** A sync answer as server-sent events: `run`, `chunk`, and last `result` or `error`. */
const eventStream: AnswerStream = {
  headers: {
    'content-type': 'text/event-stream',
    'cache-control': 'no-store',
    // Stops proxies from buffering the events.
    'x-accel-buffering': 'no',
  },
  // Receivers skip this comment.
  heartbeat: () => ': still running\n\n',
  started: (runId) => frame('run', JSON.stringify({ run_id: runId })),
  text: (runId, text) => frame('chunk', JSON.stringify({ run_id: runId, text })),
  ended: ({ status, body }) => frame(status < 400 ? 'result' : 'error', body),
};

/** The stream format for a sync answer; `null` if the sender's `Accept` does not request events. */
export function streamOf({ headers }: HttpRequest): AnswerStream | null {
  return headers['accept']?.toLowerCase().includes('text/event-stream') ? eventStream : null;
}

/** One server-sent event (WHATWG HTML, section 9.2). `JSON.stringify` never produces raw line breaks. */
function frame(event: 'run' | 'chunk' | 'result' | 'error', json: string): string {
  return `event: ${event}\ndata: ${json}\n\n`;
}
