import type { Command } from 'commander';
import { exitCodes } from '../cli-failure.ts';
import { examples } from '../examples.ts';
import { openContext } from '../open-context.ts';
import { attentionText } from '../render/attention-text.ts';

/** `connectors health`: shows what needs attention, since when, and what to do. */
export function healthCommand(program: Command): void {
  program
    .command('health')
    .helpGroup('System:')
    .summary('show what needs attention')
    .description(
      'Show what needs attention, since when, and what to do: pauses, failing and disabled connectors, dead letters, project errors, missing keys.',
    )
    .option('--exit-code', 'exit with 1 if something needs attention')
    .addHelpText('after', examples(['health', 'what is wrong?'], ['health --exit-code', 'for a monitor']))
    .action(async (options: { exitCode?: true }, command: Command) => {
      const { api, output } = await openContext(command);
      const list = await api.listAttention();
      const items = list.items.map(({ since, what_to_do: whatToDo, ...item }) => ({
        ...item,
        since: since === null ? null : Date.parse(since),
        whatToDo,
      }));
      output.answer(list, (paint) =>
        items.length === 0
          ? paint.green('Nothing needs attention.')
          : attentionText(items, Date.now(), paint),
      );
      if (options.exitCode && items.length > 0) process.exitCode = exitCodes.failed;
    });
}
