import type { LanguageModelV4, SharedV4ProviderOptions } from '@ai-sdk/provider';
import type { JsonObject } from '../../core/json/json-value.ts';
import { firstSet, type ModelEnvironment } from './model-adapter.ts';
import { builtInProviders, findProvider, type ModelProvider } from './model-providers.ts';

/** A model ready for calls. */
export interface ResolvedModel {
  /** `provider/model`, as the agent names it. */
  readonly name: string;
  /** The provider's name for it. */
  readonly modelId: string;
  readonly provider: ModelProvider;
  readonly model: LanguageModelV4;
  readonly providerOptions: SharedV4ProviderOptions;
}

/** Where provider keys are set, for error messages. */
export interface KeyPlace {
  /** Completes "needs GEMINI_API_KEY in": `the environment`. */
  readonly name: string;
  /** Why the place cannot be read, as a separate sentence; `null` if it can. Never contains any of its content. */
  readonly problem: string | null;
}

const processEnvironment: KeyPlace = { name: 'the environment', problem: null };

export type ModelResolution =
  | { readonly outcome: 'resolved'; readonly resolved: ResolvedModel }
  | { readonly outcome: 'unknown-provider'; readonly message: string }
  | { readonly outcome: 'key-missing'; readonly message: string };

/**
 * Prepares an agent's `model` or `fallback_model`, and only then loads its provider's code.
 *
 * @param name `provider/model`; the model's own name may contain slashes
 * @param keyPlace where a missing key must be set
 */
export async function resolveModel(
  name: string,
  env: ModelEnvironment,
  outputSchema: JsonObject | null,
  keyPlace: KeyPlace = processEnvironment,
): Promise<ModelResolution> {
  const { prefix, modelId } = splitModelName(name);
  const provider = findProvider(prefix, env);
  if (provider === null) return { outcome: 'unknown-provider', message: unknownProvider(name) };
  const missing = missingVariables(provider, env);
  if (missing.length > 0)
    return { outcome: 'key-missing', message: missingSentence(`The model "${name}"`, missing, keyPlace) };
  const [adapter, { modelFetch }] = await Promise.all([provider.load(), import('./model-fetch.ts')]);
  const baseUrl = firstSet(env, provider.baseUrlVariables) ?? null;
  const model = adapter.create(modelId, { env, prefix, baseUrl, fetch: modelFetch });
  const providerOptions = adapter.providerOptions?.(outputSchema) ?? {};
  return { outcome: 'resolved', resolved: { name, modelId, provider, model, providerOptions } };
}

/** `openrouter/meta/llama-4` -> `openrouter` and `meta/llama-4`. */
export function splitModelName(name: string): { readonly prefix: string; readonly modelId: string } {
  const slash = name.indexOf('/');
  return { prefix: name.slice(0, Math.max(slash, 0)), modelId: name.slice(slash + 1) };
}

/** The groups in which no variable is set. */
export function missingVariables(
  provider: ModelProvider,
  env: ModelEnvironment,
): readonly (readonly string[])[] {
  return provider.requiredVariables.filter((group) => firstSet(env, group) === undefined);
}

/** Tells a person what to set. */
export function missingSentence(
  subject: string,
  missing: readonly (readonly string[])[],
  { name: place, problem }: KeyPlace = processEnvironment,
): string {
  const variables = missing.map(([first, ...others]) =>
    others.length === 0 ? first : `${first} (or ${others.join(', ')})`,
  );
  const needed = `${subject} needs ${variables.join(' and ')} in ${place}.`;
  return problem === null ? needed : `${needed} ${problem}`;
}

function unknownProvider(name: string): string {
  const known = [...builtInProviders.keys()].join(', ');
  return (
    `No provider is known for the model "${name}". Its name must start with one of ${known}, or with a prefix ` +
    'whose MODEL_PROVIDER_<PREFIX>_BASE_URL is set.'
  );
}
