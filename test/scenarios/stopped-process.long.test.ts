import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type ProductProcess, startProduct } from '../product-process.ts';
import { eventually } from './eventually.ts';
import { operatorOf } from './operator.ts';

const token = 'scenario-admin-token-stopped-process';
const timeoutSeconds = 20;
/** Longer than a lease, which outlives the agent's timeout by a minute. */
const stoppedMs = (timeoutSeconds + 60 + 5) * 1_000;

const tool = `
import { appendFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** Writes down when it begins and ends. */
export async function witness(payload: { ms: number }, context: { run_id: string }): Promise<string> {
  appendFileSync(process.env.JOURNAL_FILE ?? '', 'begin ' + context.run_id + '\\n');
  for (let waited = 0; waited < payload.ms; waited += 100) await sleep(100);
  appendFileSync(process.env.JOURNAL_FILE ?? '', 'end ' + context.run_id + '\\n');
  return 'done';
}
`;
const agent = `
version: "1.0"
name: witness
description: Writes down when it begins and ends.
type: tool
tool_name: journal.witness
timeout: ${timeoutSeconds}
max_concurrent_runs: 3
`;

describe('a process that is stopped for longer than a lease', () => {
  const projectDir = mkdtempSync(join(tmpdir(), 'connectors-stopped-'));
  const journalFile = join(projectDir, 'journal');
  let product: ProductProcess;

  beforeAll(async () => {
    mkdirSync(join(projectDir, 'tools'));
    mkdirSync(join(projectDir, 'agents'));
    writeFileSync(join(projectDir, 'tools/journal.ts'), tool);
    writeFileSync(join(projectDir, 'agents/witness.yaml'), agent);
    writeFileSync(journalFile, '');
    product = await startProduct({ projectDir, token, env: { JOURNAL_FILE: journalFile } });
  });

  afterAll(async () => {
    process.kill(product.pid, 'SIGCONT');
    await product.remove();
    rmSync(projectDir, { recursive: true });
  });

  const journal = () => readFileSync(journalFile, 'utf8').trimEnd().split('\n').filter(Boolean);

  test('continues where it was: nothing is executed twice, and no limit is passed', async () => {
    const operator = operatorOf({ baseUrl: product.url, token });
    const runIds: string[] = [];
    for (let run = 0; run < 6; run++) runIds.push(await operator.startRun('witness', { ms: 4_000 }));
    await eventually('the first runs', async () => journal().length >= 3);
    process.kill(product.pid, 'SIGSTOP');
    await sleep(stoppedMs);
    process.kill(product.pid, 'SIGCONT');
    const runs = await Promise.all(runIds.map((runId) => operator.ended(runId)));
    expect(runs.map(({ status, attempts }) => [status, attempts])).toEqual(Array(6).fill(['completed', 1]));
    expect(journal().toSorted()).toEqual(
      runIds.flatMap((runId) => [`begin ${runId}`, `end ${runId}`]).toSorted(),
    );
    let [now, most] = [0, 0];
    for (const line of journal()) {
      now += line.startsWith('begin') ? 1 : -1;
      most = Math.max(most, now);
    }
    expect(most).toBe(3);
  }, 400_000);
});
