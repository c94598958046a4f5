import { once } from 'node:events';
import { createInterface } from 'node:readline/promises';
import { CliFailure } from './cli-failure.ts';

/**
 * Asks for confirmation on the terminal; only y or yes confirms.
 *
 * @throws CliFailure if the answer is not yes, or stdin is not a terminal
 */
export async function confirm(question: string): Promise<void> {
  if (!process.stdin.isTTY) throw new CliFailure('usage', 'Not a terminal; pass --yes to confirm.');
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  // Ctrl+C and Ctrl+D reject the question; a terminal that disappears leaves it open and only closes the prompt.
  const answered = prompt.question(`${question} [y/N] `).catch(() => '');
  const answer = await Promise.race([answered, once(prompt, 'close').then(() => '')]);
  prompt.close();
  if (!/^y(es)?$/i.test(answer.trim())) throw new CliFailure('failed', 'Cancelled; nothing was changed.');
}
