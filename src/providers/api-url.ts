import * as z from 'zod';
import type { AllowedTargets } from '../core/connectors/private-targets.ts';
import type { FieldProblem } from '../core/field-problem.ts';
import type { JsonObject } from '../core/json/json-value.ts';
import { targetProblem } from '../net/target-guard.ts';

const baseUrl = z
  .url({ protocol: /^https?$/, error: 'Enter a full URL that begins with https://.' })
  .max(2_048)
  .refine((url) => isBaseUrl(url), {
    error: 'Enter a base URL: no user name, no query, and no slash at its end.',
  });

const about = {
  title: 'API URL',
  description: 'Change it only for a proxy or a compatible server, which then gets the credentials.',
  advanced: true,
};

/** The configuration field `api_url` for a provider whose own API has several addresses; omit it to use those. */
export const otherApiUrl = baseUrl.exactOptional().meta(about);

/**
 * The configuration field `api_url`: the address of a provider's API, of a proxy or of a compatible server.
 *
 * @param usual base URL of the provider's own API, without a trailing slash
 */
export function apiUrl(usual: string) {
  return baseUrl.default(usual).meta(about);
}

/** For a server at `api_url` whose answer is not one of the provider's API. */
export function notItsApi(provider: string): string {
  return `The server did not respond as ${provider} does. Check the API URL.`;
}

function isBaseUrl(url: string): boolean {
  const parsed = URL.parse(url);
  return (
    parsed !== null && !url.endsWith('/') && !/[?#]/.test(url) && parsed.username + parsed.password === ''
  );
}

/** Why this system must not call the `api_url` of a valid configuration; empty if it may. */
export function apiUrlProblems(config: JsonObject, { allowPrivateTargets }: AllowedTargets): FieldProblem[] {
  const { api_url: url } = config;
  const message = typeof url === 'string' ? targetProblem(url, allowPrivateTargets) : null;
  return message === null ? [] : [{ field: 'api_url', message }];
}
