import { setTimeout as sleep } from 'node:timers/promises';
import type { ProductProcess } from '../product-process.ts';

/** How often a process is killed between a source and its store. */
const kills = Number(process.env['KILLS'] ?? 20);
/** A kill comes this much later after the start than the one before, in ms, so that they hit different moments. */
const stepMs = 37;

/**
 * Kills the product again and again while a source has events for it, and starts it each time.
 *
 * @param add adds events to the source; it gets the number of the kill, counted from 0
 */
export async function killBetween(
  product: ProductProcess,
  add: (kill: number) => Promise<void>,
): Promise<number> {
  for (let kill = 0; kill < kills; kill++) {
    await add(kill);
    await sleep(((kill * 7) % 13) * stepMs);
    await product.stop('SIGKILL');
    await product.start();
  }
  return kills;
}
