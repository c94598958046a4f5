import type { Command } from 'commander';
import { parseLimit } from '../argument-values.ts';
import { examples } from '../examples.ts';
import { openContext } from '../open-context.ts';
import { auditTable } from '../render/audit-text.ts';

interface AuditOptions {
  readonly subject?: string;
  readonly limit?: number;
  readonly cursor?: string;
}

/** `connectors audit-log`: who did what, when. */
export function auditLogCommand(program: Command): void {
  program
    .command('audit-log')
    .helpGroup('Connectors:')
    .summary('list who did what, when')
    .description('List what was done through the API and by the system itself, newest first.')
    .option('--subject <id>', 'only what was done to this connector, run or agent (its id or name)')
    .option('--limit <count>', 'how many at most, 1 to 100', parseLimit)
    .option('--cursor <cursor>', 'go on where the last list ended')
    .addHelpText('after', examples(['audit-log --subject <connector id>', 'who has seen its secret?']))
    .action(async (options: AuditOptions, command: Command) => {
      const { api, output } = await openContext(command);
      const page = await api.listAudit(options);
      output.page(page, (paint) => auditTable(page.items, paint));
    });
}
