import * as z from 'zod';
import { PermanentError } from '../../../core/errors.ts';
import { jsonText } from '../store/payload-objects.ts';
import { secretText } from './secret-text.ts';

const secretsByName = jsonText.pipe(z.record(z.string(), z.string()));

/**
 * The secrets that the setting `connectorSecretsArn` names; none without it. Read each time: a secret that was just
 * changed must be the one that is applied.
 *
 * @throws RetryableError when Secrets Manager is unavailable
 * @throws PermanentError `named-secrets-unusable`
 */
export async function givenSecrets(): Promise<Readonly<Record<string, string>>> {
  const { CONNECTOR_SECRETS_ID: id } = process.env;
  if (id === undefined) return {};
  const parsed = secretsByName.safeParse(await secretText(id));
  if (parsed.success) return parsed.data;
  const expected = 'its value must be a JSON object of strings, such as {"REPORTS_TOKEN": "…"}';
  throw new PermanentError(
    'named-secrets-unusable',
    `The secret that the setting connectorSecretsArn names is not usable: ${expected}.`,
  );
}
