import { createAmazonBedrock } from '@ai-sdk/amazon-bedrock';
import { firstSet, type ModelAdapter } from './model-adapter.ts';

export const bedrock: ModelAdapter = {
  create(modelId, { env, baseUrl, fetch }) {
    const token = env.AWS_BEARER_TOKEN_BEDROCK;
    const credentials = {
      accessKeyId: env.AWS_ACCESS_KEY_ID ?? '',
      secretAccessKey: env.AWS_SECRET_ACCESS_KEY ?? '',
      ...(env.AWS_SESSION_TOKEN === undefined ? {} : { sessionToken: env.AWS_SESSION_TOKEN }),
    };
    return createAmazonBedrock({
      region: firstSet(env, ['AWS_REGION', 'AWS_DEFAULT_REGION']) ?? '',
      fetch,
      ...(token === undefined ? credentials : { apiKey: token }),
      ...(baseUrl === null ? {} : { baseURL: baseUrl }),
    })(modelId);
  },
};
