import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import {
  type ExistingConnector,
  type WrittenConnector,
  writeConnectorFiles,
} from '../../agents/connector-files/write-connector-file.ts';
import type { WireConnector } from '../../api/contract/index.ts';
import { writeDurably } from '../../files/write-durably.ts';
import type { ApiClient } from '../api-client.ts';
import { CliFailure } from '../cli-failure.ts';
import { examples } from '../examples.ts';
import { openContext } from '../open-context.ts';

interface ExportOptions {
  readonly project?: string;
  readonly force?: true;
}

/** `connectors export`: writes the connectors of a running system as files. */
export function exportCommand(program: Command): void {
  program
    .command('export')
    .helpGroup('Connectors as code:')
    .summary('write existing connectors as files')
    .description(
      'Write existing connectors as files in connectors/, with variables in place of their secrets. Existing files stay as they are.',
    )
    .argument('[connector...]', 'names or ids; default: all')
    .option('--project <folder>', 'project folder (PROJECT_DIR, default project)')
    .option('-f, --force', 'replace existing files')
    .addHelpText('after', examples(['export', 'all connectors'], ['export orders-in results', 'two of them']))
    .action(async (references: readonly string[], options: ExportOptions, command: Command) => {
      const { api, output } = await openContext(command);
      const { loadConnectorTypes } = await import('../../connectors/index.ts');
      const folder = join(options.project ?? (process.env['PROJECT_DIR'] || 'project'), 'connectors');
      const all = await allConnectors(api);
      const chosen = chosenFrom(all, references);
      const files = writeConnectorFiles(all.map(existing), await loadConnectorTypes()).filter((_, index) =>
        chosen.includes(all[index]),
      );
      const written = await writeAll(folder, files, options.force === true);
      const variables = files.flatMap((file) => file.variables);
      output.answer({ files: written.map(({ file, done }) => ({ file, written: done })), variables }, () =>
        [
          ...written.map(({ file, done }) => (done ? `Wrote ${file}` : `Exists already: ${file}`)),
          ...(variables.length === 0
            ? []
            : [
                '',
                'Set these variables to the secrets before you run "connectors plan":',
                ...variables.map((name) => `  ${name}`),
              ]),
        ].join('\n'),
      );
    });
}

async function allConnectors(api: ApiClient): Promise<readonly WireConnector[]> {
  const all: WireConnector[] = [];
  let cursor: string | null = null;
  do {
    const page: { items: WireConnector[]; next_cursor: string | null } = await api.listConnectors({
      limit: 100,
      ...(cursor === null ? {} : { cursor }),
    });
    all.push(...page.items);
    cursor = page.next_cursor;
  } while (cursor !== null);
  return all;
}

function chosenFrom(all: readonly WireConnector[], references: readonly string[]) {
  const chosen: readonly (WireConnector | undefined)[] =
    references.length === 0
      ? all
      : references.map((reference) => {
          const found = all.find(({ id, name }) => id === reference || name === reference);
          if (found === undefined) throw new CliFailure('notFound', `There is no connector "${reference}".`);
          return found;
        });
  return chosen;
}

function existing(connector: WireConnector): ExistingConnector {
  const { id, name, type, mode, config, connection, agents, filter, delivery, enabled, code } = connector;
  return {
    id,
    name,
    type,
    mode,
    config,
    connection,
    agents,
    filter,
    delivery,
    enabled,
    secretFields: connector.secret_fields,
    key: code?.key ?? null,
  };
}

async function writeAll(folder: string, files: readonly WrittenConnector[], mayReplace: boolean) {
  await mkdir(folder, { recursive: true });
  const written: { readonly file: string; readonly done: boolean }[] = [];
  for (const { key, text } of files) {
    const file = join(folder, `${key}.yaml`);
    const done = mayReplace || !existsSync(file);
    if (done) await writeDurably(file, text);
    written.push({ file, done });
  }
  return written;
}
