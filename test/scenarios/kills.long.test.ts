import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { killOften } from './kill-often.ts';
import { useTarget } from './target.ts';

/** Ten take half a minute; a hundred, with the same expectations, five: `KILLS=100`. */
const kills = Number(process.env['KILLS'] ?? 10);

describe('a process that is killed again and again under load', () => {
  const folder = mkdtempSync(join(tmpdir(), 'connectors-kills-'));
  const target = useTarget(async () => ({ JOURNAL_FILE: join(folder, 'journal'), LOG_LEVEL: 'warn' }));
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test(
    'completes and delivers everything that it has accepted, and ends nothing twice',
    async () => {
      const receiver = await target.startReceiver();
      const { process: product, operator } = target;
      const aftermath = await killOften({ process: product, operator, receiver }, kills);
      process.stderr.write(
        `${kills} kills: ${aftermath.accepted.length} accepted, ${aftermath.completed.length} completed, ` +
          `${aftermath.delivered.length} delivered, ${aftermath.interruptions} interruptions\n`,
      );
      expect(aftermath.accepted.length).toBeGreaterThan(kills);
      expect(aftermath.others).toEqual([]);
      expect(aftermath.completed).toEqual(aftermath.accepted);
      expect(aftermath.delivered).toEqual(aftermath.accepted);
      expect(aftermath.changedAfterEnd).toEqual([]);
    },
    60_000 + kills * 30_000,
  );
});
