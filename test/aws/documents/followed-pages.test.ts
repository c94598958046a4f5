import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { ShellSession } from '../../documents/shell-session.ts';
import { type Receiver, startReceiver } from '../../receivers/recording-receiver.ts';
import { documentExceptions } from './document-exceptions.ts';
import { type CommandBlock, commandsOf } from './page-commands.ts';
import { openShell } from './shell.ts';

/** Two deployments on a busy machine. */
const longMs = 2_400_000;

let shell: ShellSession;
let receiver: Receiver;
beforeAll(async () => {
  shell = await openShell(process.env['AWS_ENDPOINT_URL'] ?? '');
  receiver = await startReceiver();
});
afterAll(async () => {
  await receiver.goDown();
  await shell.close();
});

function isException(page: string, command: string): boolean {
  return documentExceptions.some((one) => one.page === page && command.startsWith(one.command));
}

/** Runs blocks of a page as they stand there, but for the exceptions. */
async function follow(page: string, blocks: readonly CommandBlock[]): Promise<string[]> {
  const outputs: string[] = [];
  for (const block of blocks) {
    const commands = block.filter((command) => !isException(page, command));
    if (commands.length > 0) outputs.push(await shell.run(...commands));
  }
  return outputs;
}

async function untilReceived(count: number): Promise<void> {
  while (receiver.requests.length < count) await shell.run('sleep 1');
}

describe('docs/deploying.md, typed command by command', () => {
  test(
    'leads from an empty account to an answered webhook, and on to an agent with a key',
    async () => {
      const blocks = commandsOf('deploying.md', '## From an empty account to an answered webhook');
      const [, answered = ''] = await follow('deploying.md', blocks);
      expect(answered).toMatch(/words.*5/s);
    },
    longMs,
  );

  test(
    'makes the first operator',
    async () => {
      await follow('deploying.md', commandsOf('deploying.md', '## Users and the dashboard'));
      const groups =
        'aws cognito-idp admin-list-groups-for-user --user-pool-id $POOL --username ada@example.com';
      expect(await shell.run(groups)).toContain('"operator"');
    },
    longMs,
  );
});

describe('docs/operating.md, typed command by command', () => {
  test(
    'brings a lost table back: connectors keep their secrets and answer, and results go on being delivered',
    async () => {
      await shell.run(
        'npx connectors create inbound --agent text-statistics --name Kept',
        `npx connectors create outbound --agent text-statistics --name Results --set url=${receiver.url}`,
        'KEPT_SECRET=$(npx connectors secret Kept)',
        'npx connectors send Kept --secret "$KEPT_SECRET" "Before the loss."',
      );
      await untilReceived(1);
      const blocks = commandsOf('operating.md', '### Restore the table');
      const deployAt = blocks.findIndex((block) => block.some((command) => command.startsWith('npx cdk')));
      await follow('operating.md', blocks.slice(0, deployAt));
      await shell.run(
        'npx connectors create inbound --agent text-statistics --name Later',
        'aws dynamodb delete-table --table-name $TABLE',
      );

      const [, checked = ''] = await follow('operating.md', blocks.slice(deployAt));
      expect(checked).toContain('Kept');
      expect(checked).not.toContain('Later');
      expect(checked).toMatch(/words.*4/s);
      const before = receiver.requests.length;
      await shell.run('npx connectors send Kept --secret "$KEPT_SECRET" "After the loss."');
      await untilReceived(before + 1);
      expect(await shell.run('npx connectors secret Kept; echo "$KEPT_SECRET"')).toMatch(/^(.+)\n\1\n$/);
      await expect(shell.run('npx connectors send Kept --secret wrong x')).rejects.toThrow(
        /credentials are missing or wrong/,
      );
      expect(await shell.run('aws dynamodb list-tables')).not.toMatch(/StoreTable[0-9A-F]{8}-\w+"/);
    },
    longMs,
  );
});

test.each(documentExceptions)('the exception for $command is one of a command of $page', (exception) => {
  const sections = {
    'deploying.md': '## From an empty account to an answered webhook',
    'operating.md': '### Restore the table',
  };
  const heading = Object.entries(sections).find(([page]) => page === exception.page)?.[1] ?? '';
  const commands = commandsOf(exception.page, heading).flat();
  expect(commands.filter((command) => command.startsWith(exception.command))).toHaveLength(1);
});
