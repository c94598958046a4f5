import type { Command } from 'commander';
import { collect, parseLimit } from '../argument-values.ts';
import { CliFailure } from '../cli-failure.ts';
import { configFrom, connectionSchema } from '../config-options.ts';
import { confirm } from '../confirm.ts';
import { examples } from '../examples.ts';
import { findConnection } from '../find-connection.ts';
import { stepsWithConnection, withNextSteps } from '../next-steps.ts';
import { openContext } from '../open-context.ts';
import {
  connectionFacts,
  connectionTable,
  connectionTestText,
  connectionTypesText,
} from '../render/connection-text.ts';

interface ListOptions {
  readonly type?: string;
  readonly limit?: number;
  readonly cursor?: string;
}

interface ConfigOptions {
  readonly set?: readonly string[];
  readonly config?: string;
}

interface CreateOptions extends ConfigOptions {
  readonly type: string;
}

interface ChangeOptions extends ConfigOptions {
  readonly name?: string;
}

/** `connectors connections`: manages credentials that many connectors share. */
export function connectionsCommand(program: Command): void {
  const group = program
    .command('connections')
    .helpGroup('Connectors:')
    .summary('manage connections')
    .description(
      'List, create, change, test, and delete connections: credentials that are stored once for many connectors.',
    )
    .addHelpText(
      'after',
      examples(['connections create shop-account --type aws --config @key.json', 'an AWS account']),
    );
  addList(group);
  addShow(group);
  addCreate(group);
  addChange(group);
  addTest(group);
  addDelete(group);
  addTypes(group);
}

function addList(group: Command): void {
  group
    .command('list')
    .summary('list connections')
    .description('List connections, newest first. Secrets are not shown.')
    .option('-t, --type <type>', 'only connections of this type')
    .option('--limit <count>', 'maximum number of items, 1 to 100', parseLimit)
    .option('--cursor <cursor>', 'continue from the previous page')
    .addHelpText('after', examples(['connections list', 'which connectors use which credentials']))
    .action(async (options: ListOptions, command: Command) => {
      const { api, output } = await openContext(command);
      const page = await api.listConnections(options);
      output.page(page, (paint) => connectionTable(page.items, paint));
    });
}

function addShow(group: Command): void {
  group
    .command('show')
    .summary('show a connection')
    .description('Show a connection and the connectors that use it. Secrets are not shown.')
    .argument('<connection>', 'name or id')
    .addHelpText('after', examples(['connections show shop-account', 'its fields and its connectors']))
    .action(async (reference: string, _options: unknown, command: Command) => {
      const { api, output } = await openContext(command);
      const connection = await findConnection(api, reference);
      output.answer(connection, (paint) => connectionFacts(connection, paint));
    });
}

function addCreate(group: Command): void {
  group
    .command('create')
    .summary('create a connection')
    .description('Create a connection. Run "connections types" to list types and their fields.')
    .argument('<name>', 'connectors refer to it by this name')
    .requiredOption('-t, --type <type>', 'type of the connection')
    .option('-s, --set <field=value>', 'set a field; repeatable', collect)
    .option('-c, --config <json>', 'fields as JSON; @file reads a file, - reads stdin')
    .addHelpText(
      'after',
      examples(['connections create shop-account --type aws --config @key.json', 'an AWS account']),
    )
    .action(async (name: string, options: CreateOptions, command: Command) => {
      const { api, output } = await openContext(command);
      const config = await configFrom(options, () => connectionSchema(api, options.type));
      const draft = { name, type: options.type, config };
      const connection = await api.createConnection(draft);
      const steps = output.json ? [] : await stepsWithConnection(api, connection);
      output.answer(connection, (paint) => withNextSteps(connectionFacts(connection, paint), steps));
    });
}

function addChange(group: Command): void {
  group
    .command('change')
    .summary('change a connection and its connectors')
    .description(
      'Change a connection, and all connectors that use it. Omitted fields keep their values; null removes a field.',
    )
    .argument('<connection>', 'name or id')
    .option('-n, --name <name>', 'new name')
    .option('-s, --set <field=value>', 'set a field; repeatable', collect)
    .option('-c, --config <json>', 'fields as JSON; @file reads a file, - reads stdin')
    .addHelpText(
      'after',
      examples(['connections change shop-account --config @new-key.json', 'a new key for all connectors']),
    )
    .action(async (reference: string, options: ChangeOptions, command: Command) => {
      const changesConfig = options.set !== undefined || options.config !== undefined;
      if (options.name === undefined && !changesConfig) {
        throw new CliFailure('usage', 'Nothing to change. Pass --name, --set, or --config.');
      }
      const { api, output } = await openContext(command);
      const { id, type } = await findConnection(api, reference);
      const connection = await api.changeConnection(id, {
        ...(options.name === undefined ? {} : { name: options.name }),
        ...(changesConfig ? { config: await configFrom(options, () => connectionSchema(api, type)) } : {}),
      });
      output.answer(connection, (paint) => connectionFacts(connection, paint));
    });
}

function addTest(group: Command): void {
  group
    .command('test')
    .summary('test a connection')
    .description('Test whether the credentials of a connection are accepted. Changes nothing.')
    .argument('<connection>', 'name or id')
    .addHelpText('after', examples(['connections test shop-account', 'exit code 1 if the test fails']))
    .action(async (reference: string, _options: unknown, command: Command) => {
      const { api, output } = await openContext(command);
      const tested = await api.testConnection((await findConnection(api, reference)).id);
      output.answer(tested, (paint) => connectionTestText(tested, paint));
      if (!tested.ok) throw new CliFailure('failed', 'The test failed.');
    });
}

function addDelete(group: Command): void {
  group
    .command('delete')
    .summary('delete a connection')
    .description('Delete a connection that no connector uses.')
    .argument('<connection>', 'name or id')
    .option('-y, --yes', 'skip confirmation')
    .addHelpText('after', examples(['connections delete shop-account', 'asks for confirmation']))
    .action(async (reference: string, options: { readonly yes?: true }, command: Command) => {
      const { api, output } = await openContext(command);
      const { id, name } = await findConnection(api, reference);
      if (!options.yes) await confirm(`Delete the connection "${name}" (${id})?`);
      await api.deleteConnection(id);
      output.answer({ id, deleted: true }, () => `Deleted "${name}".`);
    });
}

function addTypes(group: Command): void {
  group
    .command('types')
    .summary('list types of connections and their fields')
    .description('List types of connections with their fields.')
    .addHelpText('after', examples(['connections types', 'fields for "connections create --set"']))
    .action(async (_options: unknown, command: Command) => {
      const { api, output } = await openContext(command);
      const list = await api.listConnectionTypes();
      output.answer(list, (paint) => connectionTypesText(list.items, paint));
    });
}
