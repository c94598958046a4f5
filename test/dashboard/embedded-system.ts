import { join } from 'node:path';
import { startProduct } from '../product-process.ts';
import type { ShownSystem } from './shown-system.ts';

const exampleProject = join(import.meta.dirname, '../../project');

/** Long and recognizable, so that a test can look for it where it must not be. */
export const adminToken = 'dashboard-admin-token-8c41f0aa7b';

/**
 * The embedded engine in a process of its own.
 *
 * @param projectDir the example project where nothing is said
 */
export async function startEmbeddedSystem(projectDir = exampleProject): Promise<ShownSystem> {
  const product = await startProduct({ projectDir, token: adminToken });
  return {
    url: product.url,
    baseUrl: product.url,
    token: adminToken,
    credentials: { fields: [['Token', adminToken]], refusal: 'This token is not valid.' },
    process: product,
    patienceMs: 90_000,
    prepare: async () => {},
    stop: () => product.remove(),
  };
}
