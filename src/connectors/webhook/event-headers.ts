import type { HttpRequest } from '../../core/connectors/http-request.ts';
import { isCredentialHeader } from '../../core/redaction/credential-header.ts';
import {
  type AuthConfig,
  headerName,
  isPublicKeyAuth,
  isUnsigned,
  schemesOf,
  senderOf,
} from './auth-config.ts';

/** A header's name, or the beginning of one with a `*` behind it. */
export const headerPattern = headerName.refine((name) => !/^\*|\*./.test(name), {
  error: 'A "*" is allowed only at the end of a name, after at least one character.',
});

/**
 * The headers of a request that the agent gets: those that the preset of `auth` brings and those that `patterns` name.
 * Headers that prove who sends are never among them, whatever a pattern says.
 */
export function passedHeaders(
  headers: HttpRequest['headers'],
  auth: AuthConfig,
  patterns: readonly string[],
): Record<string, string> {
  const wanted = [...(senderOf(auth)?.eventHeaders ?? []), ...patterns];
  if (wanted.length === 0) return {};
  const passed: [string, string][] = [];
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined || isCredential(name, auth)) continue;
    if (wanted.some((pattern) => matches(name, pattern))) passed.push([name, value]);
  }
  return Object.fromEntries(passed);
}

function matches(name: string, pattern: string): boolean {
  return pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern;
}

/** Whether a header may prove who sends, so that no agent gets it. @param name in lower case */
export function isCredential(name: string, auth: AuthConfig): boolean {
  if (isCredentialHeader(name)) return true;
  if (isUnsigned(auth) || isPublicKeyAuth(auth)) return false;
  return schemesOf(auth).some(({ header }) => name === header);
}
