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

/** `connectors audit-log`: lists who did what, when. */
export function auditLogCommand(program: Command): void {
  program
    .command('audit-log')
    .helpGroup('Connectors:')
    .summary('list changes and who made them')
    .description('List actions by API callers and by the system, newest first.')
    .option('--subject <id>', 'only actions on this connector, run, or agent (name or id)')
    .option('--limit <count>', 'maximum number of items, 1 to 100', parseLimit)
    .option('--cursor <cursor>', 'continue from the previous page')
    .addHelpText('after', examples(['audit-log --subject <connector id>', 'who viewed its secret?']))
    .action(async (options: AuditOptions, command: Command) => {
      const { api, output } = await openContext(command);
      const page = await api.listAudit(options);
      output.page(page, (paint) => auditTable(page.items, paint));
    });
}
