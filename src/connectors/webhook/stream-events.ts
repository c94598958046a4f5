/** Headers of an answer that streams; the last keeps proxies from collecting the events. */
export const streamHeaders: Readonly<Record<string, string>> = {
  'content-type': 'text/event-stream',
  'cache-control': 'no-store',
  'x-accel-buffering': 'no',
};

/** A comment that keeps the connection from looking idle; receivers skip it. */
export const heartbeatFrame = ': still running\n\n';

/** Tells of one run that was started, before it has ended. */
export function runFrame(runId: string): string {
  return frame('run', JSON.stringify({ run_id: runId }));
}

/** Text of a run's answer as its model writes it. */
export function chunkFrame(runId: string, text: string): string {
  return frame('chunk', JSON.stringify({ run_id: runId, text }));
}

/** The last event: the body of the plain answer, as JSON text. */
export function resultFrame(body: string): string {
  return frame('result', body);
}

/** The last event where no result can be given: `{"detail", "code"}`, as JSON text. */
export function errorFrame(body: string): string {
  return frame('error', body);
}

/** One server-sent event (WHATWG HTML, section 9.2). JSON text from `JSON.stringify` has no raw line breaks. */
function frame(event: 'run' | 'chunk' | 'result' | 'error', json: string): string {
  return `event: ${event}\ndata: ${json}\n\n`;
}

/** Whether a sender asks for events by its `Accept` header. */
export function wantsEventStream(accept: string | undefined): boolean {
  return accept?.toLowerCase().includes('text/event-stream') ?? false;
}
