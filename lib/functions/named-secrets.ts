import type { Settings } from '../settings/settings.ts';

/** The secrets that a function must be able to read to give connectors their named secrets. */
export function namedSecretArns({ connectorSecretsArn }: Settings): readonly string[] {
  return connectorSecretsArn === undefined ? [] : [connectorSecretsArn];
}

/** The variable with the same, for `entry/given-secrets.ts`. */
export function namedSecretVariables({ connectorSecretsArn }: Settings): Readonly<Record<string, string>> {
  return connectorSecretsArn === undefined ? {} : { CONNECTOR_SECRETS_ID: connectorSecretsArn };
}
