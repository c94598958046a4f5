import { appendFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

/** Waits, then writes the run's id and the payload's number into the file that `JOURNAL_FILE` names. */
export async function write(
  payload: { number: number; ms: number },
  context: { run_id: string },
): Promise<string> {
  await sleep(payload.ms);
  await appendFile(process.env['JOURNAL_FILE'] ?? '', `${context.run_id} ${payload.number}\n`);
  return `wrote ${payload.number}`;
}
