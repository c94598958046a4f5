import { type Command, Option } from 'commander';
import type { JsonValue } from '../../core/json/json-value.ts';
import { parsePayload } from '../argument-values.ts';
import { examples } from '../examples.ts';
import { openContext } from '../open-context.ts';
import { printOutputOf } from '../wait-for-run.ts';

interface RunAgainOptions {
  readonly wait: boolean;
  readonly payload?: JsonValue;
}

/** `connectors run-again`: starts a new run with an earlier run's payload, or a changed one. */
export function runAgainCommand(program: Command): void {
  program
    .command('run-again')
    .helpGroup('Agents and runs:')
    .summary('rerun a run')
    .description(
      'Start a new run with the payload of an earlier one or a changed one, wait for it to end, and print its output.',
    )
    .argument('<run>', 'run id')
    .addOption(
      new Option(
        '-p, --payload <payload>',
        'a changed payload: JSON, or text for a message; @file reads a file, - reads stdin',
      ).argParser(parsePayload),
    )
    .option('--no-wait', "print the new run's id without waiting")
    .addHelpText(
      'after',
      examples(
        ['run-again <run>', 'same payload, new run'],
        ['run-again <run> --payload @fixed.json', 'the same with a changed payload'],
      ),
    )
    .action(async (runId: string, options: RunAgainOptions, command: Command) => {
      const context = await openContext(command);
      const { payload } = options;
      const started = await context.api.runAgain(runId, payload === undefined ? undefined : { payload });
      if (options.wait) return printOutputOf(context, started.run_id);
      context.output.answer(started, () => started.run_id);
    });
}
