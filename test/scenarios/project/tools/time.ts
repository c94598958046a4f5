import { setTimeout as sleep } from 'node:timers/promises';

/** Waits for the time in milliseconds, then says so. */
export async function wait(payload: { ms: number }): Promise<string> {
  await sleep(payload.ms);
  return `waited ${payload.ms} ms`;
}
