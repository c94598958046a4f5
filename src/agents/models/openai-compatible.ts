import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { configuredVariable, type ModelAdapter } from './model-adapter.ts';
import { fitsStrictMode } from './strict-schema.ts';

/** Ollama's default address. */
const ollamaBaseUrl = 'http://127.0.0.1:11434/v1';

/** Ollama, vLLM, LM Studio and any other server that supports OpenAI's chat completions. */
export const openAiCompatible: ModelAdapter = {
  create(modelId, { env, prefix, baseUrl, fetch }) {
    const apiKey = env[`${configuredVariable(prefix)}_API_KEY`] ?? env[`${prefix.toUpperCase()}_API_KEY`];
    return createOpenAICompatible({
      name: prefix,
      baseURL: baseUrl ?? ollamaBaseUrl,
      fetch,
      includeUsage: true,
      supportsStructuredOutputs: true,
      ...(apiKey === undefined ? {} : { apiKey }),
    })(modelId);
  },
  providerOptions: (outputSchema) => ({
    openaiCompatible: { strictJsonSchema: outputSchema !== null && fitsStrictMode(outputSchema) },
  }),
};
