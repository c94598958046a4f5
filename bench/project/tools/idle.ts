import { setTimeout as sleep } from 'node:timers/promises';

/** Returns immediately. */
export async function noop(): Promise<string> {
  return 'done';
}

/** Waits longer than a benchmark takes. */
export async function park(): Promise<void> {
  await sleep(3_600_000);
}
