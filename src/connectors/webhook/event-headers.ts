import type { HttpRequest } from '../../core/connectors/http-request.ts';
import { isCredentialHeader } from '../../core/redaction/credential-header.ts';
import { type AuthConfig, headerName, isSignedWithSecret, schemesOf, senderOf } from './auth-config.ts';

/** A header name, or a prefix followed by `*`. */
export const headerPattern = headerName.refine((name) => !/^\*|\*./.test(name), {
  error: 'A "*" is allowed only at the end of a name, after at least one character.',
});

/**
 * The request headers that the agent gets: those of the preset in `auth` and those that match `patterns`. Headers that
 * authenticate the sender are always excluded.
 */
export function passedHeaders(
  headers: HttpRequest['headers'],
  auth: AuthConfig,
  patterns: readonly string[],
): Record<string, string> {
  const wanted = wantedHeaders(auth, patterns);
  if (wanted.length === 0) return {};
  const passed: [string, string][] = [];
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined && isWanted(name, auth, wanted)) passed.push([name, value]);
  }
  return Object.fromEntries(passed);
}

/** Whether the agent gets a header. @param name in lower case */
export function isPassed(name: string, auth: AuthConfig, patterns: readonly string[]): boolean {
  return isWanted(name, auth, wantedHeaders(auth, patterns));
}

function wantedHeaders(auth: AuthConfig, patterns: readonly string[]): readonly string[] {
  return [...(senderOf(auth)?.eventHeaders ?? []), ...patterns];
}

function isWanted(name: string, auth: AuthConfig, wanted: readonly string[]): boolean {
  return !isCredential(name, auth) && wanted.some((pattern) => matches(name, pattern));
}

function matches(name: string, pattern: string): boolean {
  return pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern;
}

/** Whether a header may authenticate the sender, so that agents must not get it. @param name in lower case */
export function isCredential(name: string, auth: AuthConfig): boolean {
  if (isCredentialHeader(name)) return true;
  return isSignedWithSecret(auth) && schemesOf(auth).some(({ header }) => name === header);
}
