import { CommanderError } from 'commander';
import { PermanentError } from '../core/errors.ts';
import { CliFailure, exitCodes } from './cli-failure.ts';
import { colours } from './colours.ts';
import { commandLine } from './command-line.ts';

/**
 * Runs one command line.
 *
 * @param args the arguments after the program's name
 * @returns the exit code (see `exitCodes`); any error has been printed on stderr
 */
export async function main(args: readonly string[]): Promise<number> {
  endQuietlyWhenNobodyReads();
  try {
    await (await commandLine(args)).parseAsync(args, { from: 'user' });
    // A command that succeeds may still have set a code that answers a question.
    return typeof process.exitCode === 'number' ? process.exitCode : exitCodes.ok;
  } catch (thrown) {
    return report(thrown);
  }
}

/** Prints the error, unless Commander has already printed it. */
function report(thrown: unknown): number {
  if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
  process.stderr.write(`${colours(process.stderr).red('error:')} ${sentenceOf(thrown)}\n`);
  return thrown instanceof CliFailure ? thrown.exitCode : exitCodes.failed;
}

function sentenceOf(thrown: unknown): string {
  if (thrown instanceof CliFailure || thrown instanceof PermanentError) return thrown.message;
  if (process.env['CONNECTORS_DEBUG'] && thrown instanceof Error) return thrown.stack ?? thrown.message;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return `Unexpected error: ${message} (Set CONNECTORS_DEBUG=1 for a stack trace.)`;
}

/** `connectors runs | head` closes the pipe early, which is not an error. */
function endQuietlyWhenNobodyReads(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(exitCodes.ok);
    throw error;
  });
}
