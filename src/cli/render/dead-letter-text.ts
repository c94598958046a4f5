import type { WireDeadLetter } from '../../api/contract/index.ts';
import type { Colours } from '../output.ts';
import { oneLine } from '../printable.ts';
import { table } from '../table.ts';
import { localTime } from '../time-text.ts';

/** Dead letters as a table. */
export function deadLetterTable(letters: readonly WireDeadLetter[], paint: Colours): string {
  if (letters.length === 0) return 'No dead letters.';
  return table(
    ['AT', 'STEP', 'REASON', 'RUN', 'CONNECTOR', 'DEAD LETTER'],
    letters.map((letter) => [
      localTime(letter.at),
      letter.source,
      oneLine(letter.reason, 80),
      letter.run_id ?? '-',
      letter.connector_id ?? '-',
      letter.dead_letter_id,
    ]),
    paint,
  );
}
