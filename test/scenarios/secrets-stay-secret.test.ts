import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { scenarioModelKey } from './model-key.ts';
import { useTarget } from './target.ts';
import { leaksOf, urlSecret, useSecrets } from './used-secrets.ts';

/** No model is there: a call that fails is what tempts to write down what was sent. */
const target = useTarget(async () => ({
  GEMINI_API_KEY: scenarioModelKey,
  GEMINI_BASE_URL: 'http://127.0.0.1:9',
  LOG_LEVEL: 'debug',
}));

/** The content of every file below a folder, but for the one that keeps the operator's token. */
async function filesBelow(folder: string): Promise<Record<string, Buffer>> {
  const files: Record<string, Buffer> = {};
  for (const name of await readdir(folder, { recursive: true })) {
    const path = join(folder, name);
    if (!/token/.test(name) && (await stat(path)).isFile()) files[name] = await readFile(path);
  }
  return files;
}

describe('secrets', () => {
  test("are in no log, no answer and, readable, in no file but the token's", async () => {
    const { secrets, answers } = await useSecrets(target);
    await target.process.stop('SIGTERM');
    const files = await filesBelow(target.process.dataDir);
    expect(Object.keys(files)).not.toEqual([]);
    const log = target.process.output();
    expect(leaksOf(secrets, { ...answers, ...files, 'the log': log })).toEqual([]);
    expect(log).not.toContain(`key=${urlSecret}`);
  });

  test('lie in a folder that only its owner reads', async () => {
    expect((await stat(target.process.dataDir)).mode & 0o077).toBe(0);
  });
});
