import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import * as z from 'zod';
import { useCommands } from '../../test/command-target.ts';
import { spawnConnectors } from '../../test/connectors-command.ts';
import { type ProductProcess, startProduct } from '../../test/product-process.ts';

const projectDir = join(import.meta.dirname, '../../test/scenarios/project');
const token = 'token-of-the-follow-tests';

const commands = useCommands();

let product: ProductProcess;
let env: Record<string, string>;

beforeAll(async () => {
  product = await startProduct({ projectDir, token });
  env = { CONNECTORS_URL: product.url, CONNECTORS_TOKEN: token };
});

afterAll(() => product.remove());

const change = z.object({ run_id: z.string(), agent_name: z.string(), status: z.string() });

/** Follows runs with `--json`; `untilChange` resolves with the first matching change. */
async function follow(...args: string[]) {
  const child = spawnConnectors(['runs', '--follow', '--json', ...args], { env });
  const lines = createInterface({ input: child.stdout });
  const seen: z.infer<typeof change>[] = [];
  lines.on('line', (line) => seen.push(change.parse(JSON.parse(line))));
  return {
    seen,
    async untilChange(wanted: Partial<z.infer<typeof change>>) {
      const isWanted = (one: Record<string, string>) =>
        Object.entries(wanted).every(([name, value]) => one[name] === value);
      while (!seen.some(isWanted)) await once(lines, 'line');
    },
    async stop() {
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
}

/** Runs an agent repeatedly until the follower, which connects meanwhile, has seen a change. */
async function runUntilSeen(agent: string, seen: () => boolean): Promise<void> {
  while (!seen()) await commands(['run', agent, 'hello'], env);
}

test('every change of a run is printed as it happens', async () => {
  const watching = await follow();
  await runUntilSeen('shout', () => watching.seen.length > 0);
  await watching.untilChange({ agent_name: 'shout', status: 'completed' });
  await watching.stop();
});

test('only of the wanted runs', async () => {
  const watching = await follow('--agent', 'count', '--status', 'completed,failed');
  await runUntilSeen('shout', () => true);
  await runUntilSeen('count', () => watching.seen.length > 0);
  await runUntilSeen('shout', () => true);
  await watching.stop();
  expect(new Set(watching.seen.map(({ agent_name: agent, status }) => `${agent} ${status}`))).toEqual(
    new Set(['count completed']),
  );
});

test('it goes on when the system has been away', async () => {
  const watching = await follow('--status', 'completed');
  await runUntilSeen('shout', () => watching.seen.length > 0);
  await product.stop('SIGKILL');
  await product.start();
  const before = watching.seen.length;
  await runUntilSeen('shout', () => watching.seen.length > before);
  await watching.stop();
});
