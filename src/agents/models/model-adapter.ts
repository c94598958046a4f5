import type { LanguageModelV4, SharedV4ProviderOptions } from '@ai-sdk/provider';
import type { JsonObject } from '../../core/json/json-value.ts';

/** Creates the models of one prefix. Loaded when an agent first calls such a model. */
export interface ModelAdapter {
  /** Creates the model without sending a request. */
  create(modelId: string, settings: ModelSettings): LanguageModelV4;
  /** Provider-specific options that a call needs. */
  providerOptions?(outputSchema: JsonObject | null): SharedV4ProviderOptions;
}

export interface ModelSettings {
  readonly env: ModelEnvironment;
  /** The part of the model's name before the first slash. */
  readonly prefix: string;
  /** Replaces the provider's default address; `null` keeps it. */
  readonly baseUrl: string | null;
  readonly fetch: typeof globalThis.fetch;
}

export type ModelEnvironment = Readonly<Record<string, string | undefined>>;

/** The value of the first of these variables that is set and not empty. */
export function firstSet(env: ModelEnvironment, variables: readonly string[]): string | undefined {
  return variables.map((variable) => env[variable]).find((value) => value !== undefined && value !== '');
}

/** Beginning of the variables of a configured prefix: `my-llm` -> `MODEL_PROVIDER_MY_LLM`. */
export function configuredVariable(prefix: string): string {
  return `MODEL_PROVIDER_${prefix.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_')}`;
}
