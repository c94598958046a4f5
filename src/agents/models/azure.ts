import { createAzure } from '@ai-sdk/azure';
import { firstSet, type ModelAdapter } from './model-adapter.ts';
import { openAiOptions } from './openai.ts';

/** The model's name is the name of the deployment. */
export const azure: ModelAdapter = {
  create(modelId, { env, baseUrl, fetch }) {
    const apiVersion = firstSet(env, ['AZURE_API_VERSION', 'OPENAI_API_VERSION']);
    const resourceName = env.AZURE_RESOURCE_NAME;
    return createAzure({
      apiKey: firstSet(env, ['AZURE_API_KEY', 'AZURE_OPENAI_API_KEY']) ?? '',
      fetch,
      ...(baseUrl === null ? {} : { baseURL: baseUrl }),
      ...(resourceName === undefined ? {} : { resourceName }),
      ...(apiVersion === undefined ? {} : { apiVersion }),
    })(modelId);
  },
  providerOptions: openAiOptions,
};
