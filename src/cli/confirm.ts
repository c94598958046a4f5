import { createInterface } from 'node:readline/promises';
import { CliFailure } from './cli-failure.ts';

/**
 * Asks a person at a terminal to confirm; anything but y or yes is a no.
 *
 * @throws CliFailure where the answer is no, or there is nobody to ask
 */
export async function confirm(question: string): Promise<void> {
  if (!process.stdin.isTTY) throw new CliFailure('usage', 'There is nobody to ask: add --yes.');
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await prompt.question(`${question} [y/N] `);
  prompt.close();
  if (!/^y(es)?$/i.test(answer.trim())) throw new CliFailure('failed', 'Nothing was changed.');
}
