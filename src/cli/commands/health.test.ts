import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { useCommands } from '../../../test/command-target.ts';
import { type ProductProcess, startProduct } from '../../../test/product-process.ts';
import { eventually } from '../../../test/scenarios/eventually.ts';

const token = 'token-of-the-health-tests';
/** One of its agents needs a key that the environment does not have. */
const projectDir = join(import.meta.dirname, '../../../project');
const commands = useCommands();
let product: ProductProcess;

beforeAll(async () => {
  product = await startProduct({ projectDir, token });
}, 60_000);
afterAll(() => product.remove());

const run = (...args: string[]) => commands(args, { CONNECTORS_URL: product.url, CONNECTORS_TOKEN: token });

test('what needs attention is shown, and sets the exit code only if a monitor asks for it', async () => {
  const shown = await run('health');
  expect(shown).toMatchObject({ exitCode: 0, stderr: '' });
  expect(shown.stdout).toContain('needs GEMINI_API_KEY');
  expect(await run('health', '--exit-code')).toEqual({ ...shown, exitCode: 1 });
});

test('a failing connector leads to its reasons', async () => {
  // Nothing listens there, so its webhook cannot be set up.
  const bot = ['--set', 'bot_token=123456:token', '--set', 'api_url=http://127.0.0.1:9'];
  await run('create', 'inbound', '--type', 'telegram', '--agent', 'order-desk', '--name', 'bot', ...bot);
  await eventually('the connector fails', async () =>
    (await run('health')).stdout.includes('See: npx connectors show bot\n'),
  );
  expect((await run('show', 'bot')).stdout).toContain('See its failures:\nnpx connectors history bot\n');
  expect((await run('history', 'bot')).stdout).toContain('source.failing');
});
