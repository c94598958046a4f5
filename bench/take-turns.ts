import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Measures the sides of a comparison in turn, round by round, after one round of each that does not count. Whoever is not
 * measured is stopped, so that work that it still has does not slow the other.
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
