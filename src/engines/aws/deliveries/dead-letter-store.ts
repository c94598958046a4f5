import * as z from 'zod';
import { jsonObject } from '../../../core/json/json-value.ts';
import type { DeadLetter, DeadLetterStore } from '../../../core/ports/dead-letter-store.ts';
import { deadLetterKey, idOf, listedAt, listKey, listKeys, tableIndexes } from '../store/keys.ts';
import { collectPage, inOrder } from '../store/listing.ts';
import { jsonText } from '../store/payload-objects.ts';
import type { Retention } from '../store/retention.ts';
import type { Table } from '../store/table.ts';

const storedLetter = z.object({
  deadLetterId: z.string(),
  at: z.number(),
  source: z.string(),
  reason: z.string(),
  connectorId: z.string().nullable(),
  runId: z.string().nullable(),
  body: jsonText.pipe(jsonObject),
});

/**
 * Events that failed after all retries, kept until they are redriven, removed, or expired.
 *
 * @param redrive gives a letter back to the step that gave up
 */
export function deadLetterStore(
  table: Table,
  retention: Retention,
  redrive: (letter: DeadLetter) => Promise<void>,
): DeadLetterStore {
  const find = async (deadLetterId: string) => {
    const item = await table.get(deadLetterKey(deadLetterId));
    return item === null ? null : storedLetter.parse(item);
  };
  return {
    async put(letter) {
      const { deadLetterId, at, body } = letter;
      await table.put({
        ...deadLetterKey(deadLetterId),
        timeKey: listKey('DEAD-LETTER', deadLetterId),
        listed: listedAt(at, deadLetterId),
        ...letter,
        body: JSON.stringify(body),
        expiresAt: retention.expiryOf(at),
      });
    },
    get: find,
    async list(request) {
      const listing = { index: tableIndexes.byTime, partitions: listKeys('DEAD-LETTER') };
      return collectPage(table, listing, request, async (places) => {
        const ids = places.map(idOf);
        const items = await table.getMany(ids.map(deadLetterKey));
        const letters = items.map((item) => storedLetter.parse(item));
        return inOrder(ids, letters, ({ deadLetterId }) => deadLetterId);
      });
    },
    async retry(deadLetterId) {
      const letter = await find(deadLetterId);
      if (letter === null) return false;
      await redrive(letter);
      await table.delete(deadLetterKey(deadLetterId));
      return true;
    },
    async remove(deadLetterId) {
      if ((await find(deadLetterId)) === null) return false;
      await table.delete(deadLetterKey(deadLetterId));
      return true;
    },
  };
}
