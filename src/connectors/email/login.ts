import type { PrivateTargets } from '../../core/connectors/private-targets.ts';
import { accessToken } from './access-token.ts';
import type { ConnectionConfig } from './config.ts';

/** How to log in to a mail server. */
export type Login =
  | { readonly kind: 'password'; readonly user: string; readonly password: string }
  | { readonly kind: 'token'; readonly user: string; readonly token: string };

/**
 * The login of a connection; `null` if it has none.
 *
 * @param secrets values of the configuration's secret fields
 * @throws as `accessToken`
 */
export async function loginOf(
  config: Pick<ConnectionConfig, 'username' | 'client_id' | 'token_url'>,
  secrets: Readonly<Record<string, string>>,
  allowed: PrivateTargets,
): Promise<Login | null> {
  const { username: user, client_id: clientId, token_url: tokenUrl } = config;
  const { password, client_secret: clientSecret, refresh_token: refreshToken } = secrets;
  if (user === undefined) return null;
  if (password !== undefined) return { kind: 'password', user, password };
  if (clientId === undefined || tokenUrl === undefined || refreshToken === undefined) return null;
  const request = { tokenUrl, clientId, clientSecret, refreshToken };
  return { kind: 'token', user, token: await accessToken(request, allowed, Date.now()) };
}
