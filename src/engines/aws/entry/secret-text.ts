import { awsClients } from '../clients.ts';
import { callAws, isAwsError } from '../store/aws-errors.ts';

/** Maximum time that a deleted or replaced token is still accepted, in ms. */
const cacheMs = 60_000;

/**
 * The current text of a secret.
 *
 * @throws RetryableError when Secrets Manager is unavailable
 */
export async function secretText(SecretId: string): Promise<string> {
  const { GetSecretValueCommand } = await import('@aws-sdk/client-secrets-manager');
  const client = await awsClients().secrets();
  const { SecretString } = await callAws(client.send(new GetSecretValueCommand({ SecretId })));
  return SecretString ?? '';
}

/** Reads a secret at most once a minute; the text is empty if the secret does not exist. */
export function cachedSecret(secretId: string): () => Promise<string> {
  let text = '';
  let readAt = Number.NEGATIVE_INFINITY;
  return async () => {
    const ageMs = Date.now() - readAt;
    if (ageMs >= 0 && ageMs < cacheMs) return text;
    text = await secretText(secretId).catch((thrown: unknown) => {
      if (isAwsError(thrown, 'ResourceNotFoundException') || isAwsError(thrown, 'InvalidRequestException'))
        return '';
      throw thrown;
    });
    readAt = Date.now();
    return text;
  };
}
