import { setTimeout as sleep } from 'node:timers/promises';

/** Returns at once. */
export async function noop(): Promise<string> {
  return 'done';
}

/** Waits for longer than a benchmark takes. */
export async function park(): Promise<void> {
  await sleep(3_600_000);
}
