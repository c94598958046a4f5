import { setTimeout as sleep } from 'node:timers/promises';

/** Waits for the time in milliseconds, then says so. */
export async function wait(payload: { ms: number }): Promise<string> {
  await sleep(payload.ms);
  return `waited ${payload.ms} ms`;
}

/** Asks at the address again and again, and ends when it answers with success: whoever answers decides when. */
export async function hold(payload: { until: string }): Promise<string> {
  while (!(await fetch(payload.until)).ok) await sleep(20);
  return 'was let go';
}
