import { createOpenRouter } from '@openrouter/ai-sdk-provider';
import type { ModelAdapter } from './model-adapter.ts';

export const openRouter: ModelAdapter = {
  create(modelId, { env, baseUrl, fetch }) {
    const baseURL = baseUrl === null ? {} : { baseURL: baseUrl };
    return createOpenRouter({ apiKey: env.OPENROUTER_API_KEY ?? '', fetch, ...baseURL }).chat(modelId);
  },
};
