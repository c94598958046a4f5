import type { AwaitedRuns } from '../../core/connectors/accepted-trigger.ts';
import type { Connector } from '../../core/connectors/connector.ts';
import type { SocketStream } from '../../core/connectors/ways.ts';
import type { JsonObject } from '../../core/json/json-value.ts';
import { type Run, sentTokenUsage } from '../../core/runs/run.ts';
import type { Span, Trace } from '../../core/runs/trace.ts';
import { configOf } from './config.ts';
import { refusalMessage, write } from './server-message.ts';
import { type MessageId, sessionOf } from './session.ts';

/** The answer of each agent to one message. */
export function answerStream(
  kept: JsonObject,
  agents: readonly string[],
  connector: Connector,
): SocketStream {
  const session = sessionOf(kept);
  const { streaming, progress_events: tellsProgress } = configOf(connector);
  const id = session.messageId ?? '';
  const agentOf = new Map<string, string>();
  const streamed = new Set<string>();
  const answered = new Set<string>();

  const chunk = (runId: string, text: string): string => {
    streamed.add(runId);
    return write({ type: 'stream_chunk', id, agent: agentOf.get(runId) ?? '', chunk: text });
  };
  const answer = (run: Run): string[] => {
    const { runId, agentName: agent, output } = run;
    answered.add(runId);
    const about = { id, agent, run_id: runId };
    if (run.status !== 'completed') return [write({ type: 'error', ...about, ...failureOf(run) })];
    const result = { full_response: output ?? '', token_usage: sentTokenUsage(run) };
    if (!streaming) return [write({ type: 'response', ...about, ...result })];
    const unstreamed = streamed.has(runId) ? [] : piecesOf(output ?? '').map((piece) => chunk(runId, piece));
    return [...unstreamed, write({ type: 'stream_end', ...about, ...result })];
  };

  return {
    accepted({ runIds }) {
      for (const [index, runId] of runIds.entries()) agentOf.set(runId, agents[index] ?? '');
      const warnings = session.warnings.length === 0 ? {} : { warnings: session.warnings };
      // No linked agent wants the message: no answer follows.
      const filtered = runIds.length === 0 ? { filtered: true } : {};
      const numbered = { type: 'ack', id, message_number: session.count };
      const ack = { ...numbered, run_ids: [...runIds], ...filtered, ...warnings };
      const starts = runIds.map((runId) =>
        write({ type: 'stream_start', id, agent: agentOf.get(runId) ?? '' }),
      );
      return [write(ack), ...(streaming ? starts : [])];
    },
    refused: (refused) => [refusalMessage(session.messageId, refused)],
    ...(streaming ? { text: chunk } : {}),
    ...(tellsProgress ? { progress: progressOf(id, agentOf) } : {}),
    runEnded: answer,
    ended({ runs, outcome }) {
      const pending = runs.filter(({ runId }) => !answered.has(runId));
      const send = pending.map(({ runId, agentName: agent }) =>
        write({ type: 'error', id, agent, run_id: runId, ...notEnded(runId, outcome) }),
      );
      return { send, session: { ...session, messageId: null, warnings: [] } };
    },
  };
}

/** Characters of one chunk. Some platforms send only messages of a limited size. */
const chunkLength = 8_000;

/** A text in pieces that keep surrogate pairs together. */
function piecesOf(text: string): string[] {
  return text.match(new RegExp(`[^]{1,${chunkLength}}`, 'gu')) ?? [];
}

/** Why a run has no answer. Its code is that of the run's error. */
function failureOf({ runId, status, error }: Run): { readonly code: string; readonly detail: string } {
  const detail = error?.message ?? `The run ${runId} was cancelled.`;
  return { code: error?.code ?? status, detail };
}

/** Why a message has no answer yet. */
function notEnded(
  runId: string,
  outcome: AwaitedRuns['outcome'],
): { readonly code: string; readonly detail: string } {
  switch (outcome) {
    case 'paused':
      return {
        code: 'paused',
        detail: `The run ${runId} is stored. It waits until an operator resumes what is paused.`,
      };
    case 'held':
      return { code: 'held', detail: `The run ${runId} is stored. It waits for a budget that is used up.` };
    default:
      return { code: 'still-running', detail: `The run ${runId} did not end in time and continues.` };
  }
}

/** Reports each step of a run twice: when it starts, and when it ends. Steps that the client cannot see are left out. */
function progressOf(id: MessageId, agentOf: ReadonlyMap<string, string>) {
  const told = new Set<string>();
  return (runId: string, { spans }: Trace): string[] =>
    spans
      .filter(({ kind }) => kind === 'model' || kind === 'tool')
      .flatMap((span) => statesOf(span))
      .filter(({ key }) => !told.has(key) && told.add(key))
      .map(({ step }) =>
        write({ type: 'progress', id, agent: agentOf.get(runId) ?? '', run_id: runId, step }),
      );
}

/** The states that a step has passed. A short one may have ended before it was first seen. */
function statesOf({ spanId, kind, name, status }: Span) {
  const states = status === 'running' ? ['running' as const] : ['running' as const, status];
  return states.map((state) => ({
    key: `${spanId} ${state}`,
    step: { id: spanId, kind, name, status: state },
  }));
}
