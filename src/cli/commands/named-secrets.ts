import { text } from 'node:stream/consumers';
import type { Command } from 'commander';
import { CliFailure } from '../cli-failure.ts';
import { examples } from '../examples.ts';
import { withNextSteps } from '../next-steps.ts';
import { openContext } from '../open-context.ts';
import { printable } from '../printable.ts';

/** `connectors named-secrets`: manages the secrets that connectors in code use by name. */
export function namedSecretsCommand(program: Command): void {
  const group = program
    .command('named-secrets')
    .helpGroup('Connectors as code:')
    .summary('manage secrets that files use by name')
    .description(
      'List, set, and delete secrets that files in connectors/ use by name. No command prints one.',
    )
    .addHelpText('after', examples(['named-secrets list', 'which names can files use?']));
  addList(group);
  addSet(group);
  addDelete(group);
}

function addList(group: Command): void {
  group
    .command('list')
    .summary('list the names')
    .description('List the names of all named secrets.')
    .addHelpText('after', examples(['named-secrets list', 'which names can files use?']))
    .action(async (_options: unknown, command: Command) => {
      const { api, output } = await openContext(command);
      const list = await api.listNamedSecrets();
      output.answer(
        list,
        () => list.items.map(({ name }) => printable(name)).join('\n') || 'No named secrets yet.',
      );
    });
}

function addSet(group: Command): void {
  group
    .command('set')
    .summary('store a secret under a name')
    .description(
      'Read a secret from stdin and store it under a name. Replaces a secret of the same name; connectors get it with the next apply.',
    )
    .argument('<name>', 'letters, digits, and the signs _ . -')
    .addHelpText('after', examples(['named-secrets set orders-password < password.txt', 'from a file']))
    .action(async (name: string, _options: unknown, command: Command) => {
      const { api, output } = await openContext(command);
      if (process.stdin.isTTY) {
        const hint = `Pass the secret on stdin, such as: connectors named-secrets set ${name} < file`;
        throw new CliFailure('usage', hint);
      }
      const value = (await text(process.stdin)).replace(/\r?\n$/, '');
      await api.setNamedSecret(name, value);
      const use = `Files in connectors/ refer to it as {secret: ${printable(name)}}.`;
      const step = { does: `${use} Give it to their connectors:`, command: 'npx connectors apply' };
      output.answer({ name, set: true }, () => withNextSteps(`Stored "${printable(name)}".`, [step]));
    });
}

function addDelete(group: Command): void {
  group
    .command('delete')
    .summary('delete a named secret')
    .description('Delete a named secret. Connectors that have it keep it until they are applied again.')
    .argument('<name>', 'name of the secret')
    .addHelpText('after', examples(['named-secrets delete orders-password', 'no file uses it any more']))
    .action(async (name: string, _options: unknown, command: Command) => {
      const { api, output } = await openContext(command);
      await api.deleteNamedSecret(name);
      output.answer({ name, deleted: true }, () => `Deleted "${printable(name)}".`);
    });
}
