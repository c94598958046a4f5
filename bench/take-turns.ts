import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Measures the sides of a comparison in turns, after one uncounted round of each. A side that is not being measured is
 * paused, so that its remaining work does not slow the other.
 */
export async function takeTurns<Name extends string, Side extends { readonly pid: number }, Round>(
  sides: Readonly<Record<Name, Side>>,
  rounds: number,
  measure: (side: Side) => Promise<Round>,
): Promise<Record<Name, Round[]>> {
  const names = Object.keys(sides) as Name[];
  const measured = Object.fromEntries(names.map((name) => [name, [] as Round[]])) as Record<Name, Round[]>;
  for (const name of names) process.kill(sides[name].pid, 'SIGSTOP');
  for (let round = 0; round <= rounds; round++) {
    for (const name of names) {
      process.kill(sides[name].pid, 'SIGCONT');
      await sleep(100);
      const result = await measure(sides[name]);
      process.kill(sides[name].pid, 'SIGSTOP');
      if (round > 0) measured[name].push(result);
    }
  }
  for (const name of names) process.kill(sides[name].pid, 'SIGCONT');
  return measured;
}
