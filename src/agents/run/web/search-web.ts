import * as z from 'zod';
import type { JsonObject } from '../../../core/json/json-value.ts';
import { networkError } from '../../../net/network-error.ts';
import { AgentError } from '../agent-error.ts';
import type { RunEnvironment } from '../run-scope.ts';
import { missingSearchKey, searchEngineOf } from './search-engines.ts';

const withinMs = 30_000;

const question = z.object({ query: z.string(), max_results: z.int().min(1).max(20).default(5) });

/**
 * Searches the web for a model, with the search engine whose key is set.
 *
 * @param input fits the parameters of `web_search`
 * @returns the results, or why there are none
 * @throws AgentError `provider-key-missing`; an error if `signal` aborts
 */
export async function searchWeb(
  input: unknown,
  { env, keyPlace }: RunEnvironment,
  signal: AbortSignal,
): Promise<JsonObject> {
  const { query, max_results: count } = question.parse(input);
  const engine = searchEngineOf(env);
  if (engine === undefined) throw new AgentError('provider-key-missing', missingSearchKey(keyPlace));
  const { request, results } = engine.search(query, count);
  const url = new URL(request.path, env[engine.baseUrlVariable] || engine.baseUrl);
  try {
    const response = await fetch(url, {
      ...request,
      headers: { ...request.headers, ...engine.authorize(env[engine.keyVariable] ?? '') },
      signal: AbortSignal.any([signal, AbortSignal.timeout(withinMs)]),
    });
    if (!response.ok) {
      await response.body?.cancel();
      return { status: 'failed', reason: `${engine.title} responded with ${response.status}.` };
    }
    return { status: 'found', results: results(await response.json()).slice(0, count) };
  } catch (thrown) {
    if (signal.aborted) throw thrown;
    const isForeign = thrown instanceof z.ZodError || thrown instanceof SyntaxError;
    const reason = isForeign ? 'Its answer has another form.' : networkError(thrown, 'server');
    return { status: 'failed', reason: `${engine.title} cannot be asked. ${reason}` };
  }
}
