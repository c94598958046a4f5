import { setTimeout as sleep } from 'node:timers/promises';
import type { ProductProcess } from '../product-process.ts';

/**
 * Starts the process again whenever it has ended, as a supervisor does.
 * @returns lets it be; resolves once it runs
 */
export function keepRunning(product: ProductProcess): () => Promise<void> {
  let kept = true;
  const keeping = (async () => {
    while (kept) {
      await sleep(50);
      if (await isUp(product.url)) continue;
      await product.stop('SIGKILL');
      // It may end again before it is ready.
      await product.start().catch(() => undefined);
    }
  })();
  return async () => {
    kept = false;
    await keeping;
  };
}

function isUp(url: string): Promise<boolean> {
  return fetch(`${url}/health`).then(
    () => true,
    () => false,
  );
}
