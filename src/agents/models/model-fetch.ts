import { Agent, fetch as undiciFetch } from 'undici';

/**
 * A connection that is silent while a model thinks is not a broken one: undici's own limits of five minutes are off,
 * and the agent's timeout, which aborts the request, is what ends a hung one.
 */
const dispatcher = new Agent({ headersTimeout: 0, bodyTimeout: 0, connectTimeout: 10_000 });

/** `fetch` for model providers. */
export const modelFetch: typeof globalThis.fetch = (input, init) => {
  // undici's types of fetch and Node's, which are generated from another undici, describe the same functions.
  const options = { ...init, dispatcher } as Parameters<typeof undiciFetch>[1];
  return undiciFetch(input as Parameters<typeof undiciFetch>[0], options) as unknown as Promise<Response>;
};
