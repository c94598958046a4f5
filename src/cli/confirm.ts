import { once } from 'node:events';
import { createInterface } from 'node:readline/promises';
import { CliFailure } from './cli-failure.ts';

/**
 * Asks a person at a terminal to confirm; anything but y or yes is a no.
 *
 * @throws CliFailure where the answer is no, or there is no terminal to ask on
 */
export async function confirm(question: string): Promise<void> {
  if (!process.stdin.isTTY) throw new CliFailure('usage', 'Not a terminal; pass --yes to confirm.');
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  // Ctrl+C and Ctrl+D reject the question; a terminal that goes away leaves it open and only closes the prompt.
  const answered = prompt.question(`${question} [y/N] `).catch(() => '');
  const answer = await Promise.race([answered, once(prompt, 'close').then(() => '')]);
  prompt.close();
  if (!/^y(es)?$/i.test(answer.trim())) throw new CliFailure('failed', 'Cancelled; nothing was changed.');
}
