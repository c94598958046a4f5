import { Argument, type Command } from 'commander';
import type { JsonValue } from '../../core/json/json-value.ts';
import { parsePayload } from '../argument-values.ts';
import { CliFailure } from '../cli-failure.ts';
import { examples } from '../examples.ts';
import { openContext } from '../open-context.ts';
import { printOutputOf } from '../wait-for-run.ts';

interface RunOptions {
  readonly wait: boolean;
  readonly sample?: true;
}

/** `connectors run`: starts a run of an agent by hand. */
export function runCommand(program: Command): void {
  program
    .command('run')
    .helpGroup('Agents and runs:')
    .summary('run an agent')
    .description('Run an agent, wait for it to end, and print its output.')
    .argument('<agent>', 'name')
    .addArgument(
      new Argument('[payload]', 'JSON, or text for a message; @file reads a file, - reads stdin')
        .argParser(parsePayload)
        .default(null, 'an empty object'),
    )
    .option('--sample', "run with the agent's sample payload")
    .option('--no-wait', "print the run's id without waiting")
    .addHelpText(
      'after',
      examples(
        ['run question-answerer "What is the capital of France?"', 'ask'],
        ['run order-lookup --sample', "try it with the agent's sample payload"],
        ['run order-lookup @order.json --no-wait', 'start without waiting'],
      ),
    )
    .action(async (agent: string, given: JsonValue, options: RunOptions, command: Command) => {
      if (options.sample && given !== null)
        throw new CliFailure('usage', 'Give a payload or --sample, not both.');
      const context = await openContext(command);
      const sample = options.sample ? (await context.api.getAgent(agent)).sample_payload : {};
      const started = await context.api.startRun(agent, given ?? sample);
      if (options.wait) return printOutputOf(context, started.run_id);
      context.output.answer(started, () => started.run_id);
    });
}
