import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import { RetryableError } from '../../../../core/errors.ts';
import { uuidV4 } from '../../../../core/identifiers.ts';
import type { Engine } from '../../../../core/ports/engine.ts';
import { streamsKey } from '../../store/keys.ts';
import type { Item, Table } from '../../store/table.ts';
import { sourceLeaseMs } from '../source-marks.ts';

/** The makers that are creating a stream now: each entry has its deadline (Unix ms) and an id. */
const makersItem = z.object({ makers: z.set(z.string()).default(new Set()) });

/** Creating a stream takes some seconds. */
const lookEveryMs = 1_000;

/**
 * Creates or changes part of a stream, unless the deployment's streams are being removed. The removal waits for makers
 * that have started.
 *
 * @throws RetryableError if streams are being removed, and whatever `make` throws
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
 * Forbids creating streams from now on, and waits for makers that have started.
 *
 * @param clock Unix ms
 * @throws AbortError by `signal`
 */
export async function endMaking(table: Table, clock: () => number, signal: AbortSignal): Promise<void> {
  const note = () => table.update(streamsKey, { set: { goingSince: clock() } });
  while (isMade(await note(), clock())) await sleep(lookEveryMs, null, { signal });
}

/** Allows creating streams: in a new deployment, or in one that had removed them. */
export async function allowMaking(table: Table): Promise<void> {
  await table.update(streamsKey, { remove: ['goingSince'] });
}

/** Whether a maker is still at work; a killed maker counts until its deadline. */
function isMade(item: Item | null, now: number): boolean {
  return [...makersItem.parse(item).makers].some((maker) => Number.parseInt(maker, 10) > now);
}
