import { Argument, type Command } from 'commander';
import type { JsonValue } from '../../core/json/json-value.ts';
import { parsePayload } from '../argument-values.ts';
import { CliFailure } from '../cli-failure.ts';
import { examples } from '../examples.ts';
import { openContext } from '../open-context.ts';
import { localTime } from '../time-text.ts';
import { printOutputOf } from '../wait-for-run.ts';
import { addWhenOptions, type WhenOptions, whenOf } from '../when-options.ts';

interface RunOptions extends WhenOptions {
  readonly wait: boolean;
  readonly sample?: true;
}

/** `connectors run`: starts a run of an agent by hand. */
export function runCommand(program: Command): void {
  addWhenOptions(
    program
      .command('run')
      .helpGroup('Agents and runs:')
      .summary('run an agent, now or later')
      .description(
        'Run an agent, wait for it to end, and print its output. With --at or --in, schedule the run and do not wait.',
      )
      .argument('<agent>', 'name')
      .addArgument(
        new Argument('[payload]', 'JSON, or text for a message; @file reads a file, - reads stdin')
          .argParser(parsePayload)
          .default(null, 'an empty object'),
      )
      .option('--sample', "run with the agent's sample payload")
      .option('--no-wait', "print the run's id without waiting"),
  )
    .addHelpText(
      'after',
      examples(
        ['run question-answerer "What is the capital of France?"', 'ask'],
        ['run order-lookup --sample', "try it with the agent's sample payload"],
        ['run order-lookup @order.json --no-wait', 'start without waiting'],
        ['run order-report --in 2h', 'run it two hours from now'],
      ),
    )
    .action(async (agent: string, given: JsonValue, options: RunOptions, command: Command) => {
      if (options.sample && given !== null)
        throw new CliFailure('usage', 'Pass a payload or --sample, not both.');
      const context = await openContext(command);
      const sample = options.sample ? (await context.api.getAgent(agent)).sample_payload : {};
      const started = await context.api.startRun(agent, given ?? sample, whenOf(options));
      const { scheduled_at: dueAt } = started;
      if (dueAt !== undefined) {
        context.output.note(`The run is due at ${localTime(dueAt)}.`);
      } else if (options.wait) {
        if (given === null && !options.sample) {
          context.output.note(
            'The payload is empty. Pass one, or use --sample to send the sample payload of the agent.',
          );
        }
        return printOutputOf(context, started.run_id);
      }
      context.output.answer(started, () => started.run_id);
    });
}
