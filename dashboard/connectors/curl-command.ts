import type { WireConnector } from '../../src/api/contract/connector.ts';

type Config = WireConnector['config'];

export const firstMessage = '{"message": "What is the capital of France?"}';

/** How a request to a connector shows where it comes from: the `type` of its configured `auth`. */
export function authTypeOf(config: Config): string {
  const auth = config['auth'];
  const type = typeof auth === 'object' && auth !== null && 'type' in auth ? auth.type : undefined;
  return typeof type === 'string' ? type : 'secret';
}

/**
 * A `curl` that calls a connector as it is configured; `null` where its requests are signed, which no fixed command
 * can do. Without the secret the command takes it from the shell's `$SECRET`.
 */
export function curlCommand(url: string, config: Config, secret: string | null): string | null {
  const auth = authTypeOf(config);
  if (auth !== 'secret' && auth !== 'none') return null;
  const credentials = auth === 'none' ? [] : [`-H "X-Connic-Secret: ${secret ?? '$SECRET'}"`];
  const parts = [
    `curl ${url}`,
    ...credentials,
    '-H "Content-Type: application/json"',
    `-d '${firstMessage}'`,
  ];
  return parts.join(' \\\n  ');
}
