import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { connectors } from '../../../test/connectors-command.ts';
import { type ProductProcess, startProduct } from '../../../test/product-process.ts';

const token = 'token-of-the-health-tests';
/** One of its agents needs a key that the environment does not have. */
const projectDir = join(import.meta.dirname, '../../../project');
let product: ProductProcess;

beforeAll(async () => {
  product = await startProduct({ projectDir, token });
}, 60_000);
afterAll(() => product.remove());

test('what needs attention is shown, and sets the exit code only if a monitor asks for it', async () => {
  const env = { CONNECTORS_URL: product.url, CONNECTORS_TOKEN: token };
  const shown = await connectors(['health'], { env });
  expect(shown).toMatchObject({ exitCode: 0, stderr: '' });
  expect(shown.stdout).toContain('needs GEMINI_API_KEY');
  expect(await connectors(['health', '--exit-code'], { env })).toEqual({ ...shown, exitCode: 1 });
});
