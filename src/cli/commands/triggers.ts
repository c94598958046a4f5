import type { Command } from 'commander';
import { connectorNames } from '../connector-names.ts';
import { examples } from '../examples.ts';
import { openContext } from '../open-context.ts';
import { triggerText } from '../render/trigger-text.ts';

/** `connectors triggers`: shows a trigger. */
export function triggersCommand(program: Command): void {
  program
    .command('triggers')
    .helpGroup('Events:')
    .summary('show what came in')
    .description('Show one trigger: the request that brought it, its payload, and its runs.')
    .argument('<trigger>', 'trigger id; "runs <run>" prints it')
    .addHelpText('after', examples(['triggers <trigger>', 'method, headers, sender, payload, runs']))
    .action(async (id: string, _options: unknown, command: Command) => {
      const { api, output } = await openContext(command);
      const trigger = await api.getTrigger(id);
      const ids = [trigger.connector_id, ...trigger.runs.map(({ connector_id }) => connector_id)];
      const names = await connectorNames(api, ids, output.json);
      output.answer(trigger, (paint) => triggerText(trigger, names, paint));
    });
}
