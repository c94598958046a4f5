import { Agent, fetch as undiciFetch } from 'undici';

/**
 * A connection may be silent while a model thinks, so undici's own timeouts of five minutes are off. The agent's
 * timeout aborts a request that hangs.
 */
const dispatcher = new Agent({ headersTimeout: 0, bodyTimeout: 0, connectTimeout: 10_000 });

/** `fetch` for model providers. */
export const modelFetch: typeof globalThis.fetch = (input, init) => {
  // The fetch types of undici and of Node, which are generated from another undici, describe the same functions.
  const options = { ...init, dispatcher } as Parameters<typeof undiciFetch>[1];
  return undiciFetch(input as Parameters<typeof undiciFetch>[0], options) as unknown as Promise<Response>;
};
