import { describe, expect, test } from '@jest/globals';
import { freshPorts, type OpenPorts } from './ports-under-test.ts';
import { noon, someId, someLease, storeRun } from './samples.ts';

/** Which runs led to others. */
export function describeChains(open: OpenPorts): void {
  describe('the chain of runs that led to an event', () => {
    const ports = freshPorts(open);

    test('is read as it was signed', async () => {
      const runIds = [someId(noon), someId(noon + 1), someId(noon + 2)];
      const signed = await ports().chains.sign(runIds);
      expect(signed).toMatch(/^[\w-]+\.[\w-]{22}$/);
      expect(await ports().chains.read(signed)).toEqual(runIds);
      expect(await ports().chains.read(await ports().chains.sign([]))).toEqual([]);
    });

    test('is empty if anybody else wrote or changed it', async () => {
      const signed = await ports().chains.sign([someId(noon)]);
      const longer = `${signed.slice(0, 22)}${signed}`;
      for (const text of ['', '.', 'x', `x${signed}`, longer, signed.slice(0, -1), 'A'.repeat(10_000)]) {
        expect(await ports().chains.read(text)).toEqual([]);
      }
    });

    test('stays with a run', async () => {
      const chain = [someId(noon), someId(noon + 1)];
      const runId = await storeRun(ports().runs, { run: { chain } });
      expect(await ports().runs.find(runId)).toMatchObject({ chain });
      expect(await ports().runs.claim(runId, someLease('a'))).toMatchObject({ run: { chain } });
      const other = await storeRun(ports().runs);
      expect(await ports().runs.get(other)).toMatchObject({ chain: [] });
    });

    test('stays with a run that is scheduled or held by its caller', async () => {
      const chain = [someId(noon)];
      const later = await storeRun(ports().runs, {
        run: { chain, status: 'scheduled', scheduledAt: noon + 1_000 },
      });
      const held = await storeRun(ports().runs, { run: { chain }, lease: someLease('a') });
      expect(await ports().runs.get(later)).toMatchObject({ chain });
      expect(await ports().runs.get(held)).toMatchObject({ chain });
    });
  });
}
