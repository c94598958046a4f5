import { awsClients } from '../clients.ts';
import { callAws, isAwsError } from '../store/aws-errors.ts';

/** A token that was deleted or replaced is accepted for this long at most, in ms. */
const cacheMs = 60_000;

/**
 * The text of a secret as it is now.
 *
 * @throws RetryableError when Secrets Manager is away
 */
export async function secretText(SecretId: string): Promise<string> {
  const { GetSecretValueCommand } = await import('@aws-sdk/client-secrets-manager');
  const client = await awsClients().secrets();
  const { SecretString } = await callAws(client.send(new GetSecretValueCommand({ SecretId })));
  return SecretString ?? '';
}

/** Reads a secret once a minute at most; the text is empty where there is no such secret. */
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
