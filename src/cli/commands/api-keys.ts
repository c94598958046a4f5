import { type Command, Option } from 'commander';
import { type Role, roles } from '../../core/operators/role.ts';
import { parseLimit, parseSeconds } from '../argument-values.ts';
import { confirm } from '../confirm.ts';
import { examples } from '../examples.ts';
import { findApiKey } from '../find-api-key.ts';
import { openContext } from '../open-context.ts';
import { apiKeyTable, createdApiKeyText } from '../render/api-key-text.ts';

interface ListOptions {
  readonly limit?: number;
  readonly cursor?: string;
}

interface CreateOptions {
  readonly role: Role;
  /** Seconds. */
  readonly expires?: number;
}

interface RevokeOptions {
  readonly yes?: true;
}

/** `connectors api-keys`: manages API keys, the credentials of programs for the management API. */
export function apiKeysCommand(program: Command): void {
  const group = program
    .command('api-keys')
    .helpGroup('System:')
    .summary('manage API keys')
    .description(
      'List, create, and revoke API keys, the credentials of programs that call the management API.',
    )
    .addHelpText('after', examples(['api-keys create ci', 'a key for a CI pipeline']));
  addList(group);
  addCreate(group);
  addRevoke(group);
}

function addList(group: Command): void {
  group
    .command('list')
    .summary('list API keys')
    .description('List API keys, newest first. The keys themselves are not shown.')
    .option('--limit <count>', 'maximum number of items, 1 to 100', parseLimit)
    .option('--cursor <cursor>', 'continue from the previous page')
    .addHelpText('after', examples(['api-keys list', 'find unused keys']))
    .action(async (options: ListOptions, command: Command) => {
      const { api, output } = await openContext(command);
      const page = await api.listApiKeys(options);
      output.page(page, (paint) => apiKeyTable(page.items, paint));
    });
}

function addCreate(group: Command): void {
  group
    .command('create')
    .summary('create an API key')
    .description('Create an API key and print it. It cannot be shown again.')
    .argument('<name>', 'identifies the caller in the audit log')
    .addOption(
      new Option('--role <role>', 'operator: full access; viewer: read-only')
        .choices(roles)
        .default('operator'),
    )
    .addOption(
      new Option('--expires <duration>', 'lifetime of the key (default: no expiry)').argParser(parseSeconds),
    )
    .addHelpText(
      'after',
      examples(
        ['api-keys create ci', 'for a pipeline that creates connectors'],
        ['api-keys create grafana --role viewer --expires 365d', 'read-only for a year'],
      ),
    )
    .action(async (name: string, options: CreateOptions, command: Command) => {
      const { api, output } = await openContext(command);
      const { role, expires = null } = options;
      const created = await api.createApiKey({ name, role, expires_in_seconds: expires });
      output.answer(created, () => created.key);
      output.note(createdApiKeyText(created));
    });
}

function addRevoke(group: Command): void {
  group
    .command('revoke')
    .summary('revoke an API key')
    .description('Revoke an API key. Calls with it fail immediately.')
    .argument('<key>', 'name or id')
    .option('-y, --yes', 'skip confirmation')
    .addHelpText('after', examples(['api-keys revoke ci', 'asks for confirmation']))
    .action(async (reference: string, options: RevokeOptions, command: Command) => {
      const { api, output } = await openContext(command);
      const { id, name } = await findApiKey(api, reference);
      if (!options.yes) await confirm(`Revoke the API key "${name}" (${id})?`);
      await api.revokeApiKey(id);
      output.answer({ id, revoked: true }, () => `Revoked "${name}".`);
    });
}
