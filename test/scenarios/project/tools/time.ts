import { setTimeout as sleep } from 'node:timers/promises';

/** Waits for the time in milliseconds, then says so. */
export async function wait(payload: { ms: number }): Promise<string> {
  await sleep(payload.ms);
  return `waited ${payload.ms} ms`;
}

/**
 * Asks at the address again and again, and ends when it answers with success: whoever answers decides when. A connection
 * that comes to nothing is no answer.
 */
export async function hold(payload: { until: string }): Promise<string> {
  while (!(await isLetGo(payload.until))) await sleep(20);
  return 'was let go';
}

async function isLetGo(until: string): Promise<boolean> {
  return fetch(until).then(
    ({ ok }) => ok,
    () => false,
  );
}
