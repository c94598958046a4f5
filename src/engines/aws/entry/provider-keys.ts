import * as z from 'zod';
import { jsonText } from '../json-text.ts';
import { functionEnvironment } from './function-environment.ts';
import { secretText } from './secret-text.ts';

/** What the operator's secret holds: keys and addresses of model providers, under their usual names. */
const keysSecret = jsonText.pipe(z.record(z.string(), z.string()));

/**
 * Keys of model providers from the operator's secret; empty where the deployment names none. They are handed to the
 * agents and put nowhere else.
 *
 * @throws RetryableError when Secrets Manager is away
 */
export async function providerKeys(): Promise<Readonly<Record<string, string>>> {
  const { PROVIDER_KEYS_SECRET_ID } = functionEnvironment.parse(process.env);
  return PROVIDER_KEYS_SECRET_ID === '' ? {} : keysSecret.parse(await secretText(PROVIDER_KEYS_SECRET_ID));
}
