import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import { RetryableError } from '../../../../core/errors.ts';
import { uuidV4 } from '../../../../core/identifiers.ts';
import type { Engine } from '../../../../core/ports/engine.ts';
import { streamsKey } from '../../store/keys.ts';
import type { Item, Table } from '../../store/table.ts';
import { sourceLeaseMs } from '../source-marks.ts';

/** Who makes a stream right now: until when (Unix ms) that may last, and an id. */
const makersItem = z.object({ makers: z.set(z.string()).default(new Set()) });

/** Making a stream takes some seconds. */
const lookEveryMs = 1_000;

/**
 * Makes or changes something of a stream, unless the streams of the deployment are going: whoever takes them away waits
 * for what has begun.
 *
 * @throws RetryableError where they are going, and whatever `make` throws
 */
export async function makeStream(
  table: Table,
  { clock, entropy }: Pick<Engine, 'clock' | 'entropy'>,
  make: () => Promise<void>,
): Promise<void> {
  const makers = new Set([`${clock() + sourceLeaseMs} ${uuidV4(entropy)}`]);
  const stay = { expression: 'attribute_not_exists(#goingSince)' };
  const begun = await table.update(streamsKey, { add: { makers } }, stay);
  if (begun === null) throw new RetryableError('The event sources of this deployment are being removed.');
  try {
    await make();
  } finally {
    await table.update(streamsKey, { take: { makers } });
  }
}

/**
 * Lets no stream be made from now on, and waits until those are done that are being made.
 *
 * @param clock Unix ms
 * @throws AbortError by `signal`
 */
export async function endMaking(table: Table, clock: () => number, signal: AbortSignal): Promise<void> {
  const note = () => table.update(streamsKey, { set: { goingSince: clock() } });
  while (isMade(await note(), clock())) await sleep(lookEveryMs, null, { signal });
}

/** Lets streams be made: of a deployment that has none yet, or had taken them away. */
export async function allowMaking(table: Table): Promise<void> {
  await table.update(streamsKey, { remove: ['goingSince'] });
}

/** A maker that was killed is waited for until its time is up. */
function isMade(item: Item | null, now: number): boolean {
  return [...makersItem.parse(item).makers].some((maker) => Number.parseInt(maker, 10) > now);
}
