import { createOpenAI } from '@ai-sdk/openai';
import type { ModelAdapter } from './model-adapter.ts';
import { fitsStrictMode } from './strict-schema.ts';

export const openAi: ModelAdapter = {
  create(modelId, { env, baseUrl, fetch }) {
    const organization = env.OPENAI_ORGANIZATION ?? env.OPENAI_ORG_ID;
    return createOpenAI({
      apiKey: env.OPENAI_API_KEY ?? '',
      fetch,
      ...(baseUrl === null ? {} : { baseURL: baseUrl }),
      ...(organization === undefined ? {} : { organization }),
      ...(env.OPENAI_PROJECT === undefined ? {} : { project: env.OPENAI_PROJECT }),
    })(modelId);
  },
  providerOptions: openAiOptions,
};

/** Stores nothing of a run at the provider, and enforces a schema strictly if strict mode can express it. */
export function openAiOptions(outputSchema: Parameters<typeof fitsStrictMode>[0] | null) {
  return {
    openai: { store: false, strictJsonSchema: outputSchema !== null && fitsStrictMode(outputSchema) },
  };
}
