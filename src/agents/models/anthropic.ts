import { createAnthropic } from '@ai-sdk/anthropic';
import type { ModelAdapter } from './model-adapter.ts';

export const anthropic: ModelAdapter = {
  create(modelId, { env, baseUrl, fetch }) {
    const baseURL = baseUrl === null ? {} : { baseURL: baseUrl };
    return createAnthropic({ apiKey: env.ANTHROPIC_API_KEY ?? '', fetch, ...baseURL })(modelId);
  },
};
