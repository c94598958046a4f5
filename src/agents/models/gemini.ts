import { createGoogle } from '@ai-sdk/google';
import { firstSet, type ModelAdapter } from './model-adapter.ts';

export const gemini: ModelAdapter = {
  create(modelId, { env, baseUrl, fetch }) {
    const apiKey = firstSet(env, ['GEMINI_API_KEY', 'GOOGLE_API_KEY', 'GOOGLE_GENERATIVE_AI_API_KEY']) ?? '';
    return createGoogle({ apiKey, fetch, ...(baseUrl === null ? {} : { baseURL: baseUrl }) })(modelId);
  },
};
