import type { Command } from 'commander';
import { CliFailure, exitCodes } from '../cli-failure.ts';
import { addFileOptions, type FileOptions, fileSettings } from '../code/file-options.ts';
import { planFiles } from '../code/plan-files.ts';
import { examples } from '../examples.ts';
import { openContext } from '../open-context.ts';
import { planText } from '../render/plan-text.ts';

/** `connectors plan`: shows what applying the files of a project would change. */
export function planCommand(program: Command): void {
  const plan = program
    .command('plan')
    .helpGroup('Connectors as code:')
    .summary('show what the files in connectors/ would change')
    .description(
      'Show what applying the files in connectors/ would change, and manual changes since the last apply. Changes nothing. The exit code is 0 without changes, 2 with changes, and 1 after an error.',
    );
  // Here, 2 means that there are changes: a script must not take a wrong option for one.
  plan
    .configureOutput({ outputError: () => {} })
    .showHelpAfterError(false)
    .exitOverride((thrown) => {
      if (thrown.exitCode === 0) throw thrown;
      throw new CliFailure('failed', `${thrown.message.replace(/^error: /, '')}. Add --help for usage.`);
    });
  addFileOptions(plan)
    .addHelpText(
      'after',
      examples(
        ['plan', 'before an apply'],
        ['plan --environment production', 'with the fields for production'],
      ),
    )
    .action(async (options: FileOptions, command: Command) => {
      const { api, output } = await openContext(command);
      const planned = await planFiles(api, fileSettings(options));
      output.answer(planned.plan, (paint) => planText(planned.plan, paint));
      if (planned.plan.steps.length > 0) process.exitCode = exitCodes.changes;
    });
}
