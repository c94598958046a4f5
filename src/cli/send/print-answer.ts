import { refusal } from '../api-request.ts';
import type { Output } from '../output.ts';
import { printable } from '../printable.ts';
import {
  filteredAnswer,
  filteredNote,
  inboundAnswer,
  judge,
  resultsOf,
  type SyncAnswer,
  syncAnswer,
} from './run-answer.ts';

/**
 * Prints a connector's response.
 *
 * @throws CliFailure if the connector refused the event, or a run failed
 */
export async function printAnswer(response: Response, output: Output): Promise<void> {
  const text = await response.text();
  const body = parseJson(text);
  if (!response.ok) throw refusal(new URL(response.url).origin, response.status, body);
  const sync = syncAnswer.safeParse(body);
  output.answer(body ?? text, () => (sync.success ? outputsOf(sync.data) : startedRuns(body, text)));
  if (response.headers.has('idempotent-replayed'))
    output.note('Duplicate: this event was already received. No new run was started.');
  if (sync.success) judge(sync.data, output);
}

function outputsOf(answer: SyncAnswer): string | null {
  const results = resultsOf(answer);
  if (results.length === 1) return answer.result.output && printable(answer.result.output);
  return results.map((result) => `${result.agent_name}: ${printable(result.output ?? '-')}`).join('\n');
}

function startedRuns(body: unknown, text: string): string {
  if (filteredAnswer.safeParse(body).success) return filteredNote;
  const inbound = inboundAnswer.safeParse(body);
  if (!inbound.success) return printable(text);
  const { dispatched_to: count, run_ids: runIds } = inbound.data;
  return [`Accepted: ${count} ${count === 1 ? 'run' : 'runs'}.`, ...runIds].join('\n');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
