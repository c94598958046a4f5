import { createGoogleVertex } from '@ai-sdk/google-vertex';
import { firstSet, type ModelAdapter } from './model-adapter.ts';

/** Authenticates with an API key (express mode), else with Google's application default credentials. */
export const vertexAi: ModelAdapter = {
  create(modelId, { env, baseUrl, fetch }) {
    const apiKey = env.GOOGLE_VERTEX_API_KEY;
    const project = firstSet(env, ['GOOGLE_VERTEX_PROJECT', 'VERTEXAI_PROJECT', 'GOOGLE_CLOUD_PROJECT']);
    const location = firstSet(env, ['GOOGLE_VERTEX_LOCATION', 'VERTEXAI_LOCATION', 'GOOGLE_CLOUD_LOCATION']);
    return createGoogleVertex({
      location: location ?? 'us-central1',
      fetch,
      ...(apiKey === undefined ? {} : { apiKey }),
      ...(project === undefined ? {} : { project }),
      ...(baseUrl === null ? {} : { baseURL: baseUrl }),
    })(modelId);
  },
};
