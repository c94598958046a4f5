import { setTimeout as sleep } from 'node:timers/promises';

/**
 * How long the product may take for what it does by itself, in ms: generous, since only a failure waits so long. In a
 * deployment, what a function that was killed had in hand waits for the reconciler: for two minutes and its next look.
 */
const usualPatienceMs = process.env['SCENARIO_URL'] === undefined ? 150_000 : 270_000;

/**
 * Asks again and again until `probe` gives a value that is neither `undefined`, `null` nor `false`.
 *
 * @param what what is waited for, for the message of the failure
 * @param patienceMs after which it fails; where the product itself waits long, longer than usual
 */
export async function eventually<Value>(
  what: string,
  probe: () => Promise<Value | undefined | null | false>,
  patienceMs = usualPatienceMs,
): Promise<Value> {
  const deadline = Date.now() + patienceMs;
  for (let pauseMs = 5; Date.now() < deadline; pauseMs = Math.min(pauseMs * 2, 200)) {
    const value = await probe();
    if (value !== undefined && value !== null && value !== false) return value;
    await sleep(pauseMs);
  }
  throw new Error(`Waited ${patienceMs / 1_000} s in vain for ${what}.`);
}
