import { join } from 'node:path';
import { build } from 'vite';

/** Builds the dashboard as it is now: an older build would be deployed, and looked at, without a word. */
export async function buildPage(): Promise<void> {
  await build({
    configFile: join(import.meta.dirname, '../../dashboard/vite-config.ts'),
    logLevel: 'warn',
  });
}
