import { createHash } from 'node:crypto';
import type { ManagementApp, ManagementContext } from './management-context.ts';

interface Description {
  readonly text: string;
  /** Of the text, as sent in the header. */
  readonly etag: string;
}

/**
 * Serves the OpenAPI description, generated from the schemas that validate requests. It requires no token, so it must
 * be cheap: it is generated once and cached.
 */
export function serveOpenApi(app: ManagementApp, { baseUrl }: ManagementContext): void {
  app.openAPIRegistry.registerComponent('securitySchemes', 'token', {
    type: 'http',
    scheme: 'bearer',
    description: 'The admin token, which is stored in the data folder, or an API key.',
  });
  let document: object | undefined;
  let written: { readonly url: string; readonly description: Description } | undefined;
  const description = (url: string): Description => {
    document ??= app.getOpenAPI31Document(about);
    if (written?.url !== url) written = { url, description: write({ ...document, servers: [{ url }] }) };
    return written.description;
  };
  app.get('/openapi.json', (c) => {
    const { text, etag } = description(baseUrl());
    const headers = { ETag: etag, 'Cache-Control': 'no-cache' };
    if (c.req.header('If-None-Match')?.includes(etag)) return c.body(null, 304, headers);
    return c.body(text, 200, { ...headers, 'Content-Type': 'application/json' });
  });
}

function write(document: object): Description {
  const text = JSON.stringify(document);
  return { text, etag: `"${createHash('sha256').update(text).digest('base64url')}"` };
}

const about = {
  openapi: '3.1.0',
  info: {
    title: 'Agent Connectors: management API',
    version: '1',
    description:
      'Connectors, agents, runs and deliveries of a running system. Times are ISO 8601 in UTC. Lists return ' +
      '`items` and `next_cursor`; pass it as `cursor` to get the next page.',
    license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
  },
  security: [{ token: [] }],
  tags: [
    { name: 'Agents', description: 'Your agents.' },
    { name: 'Connectors', description: 'What triggers agents, and where results go.' },
    { name: 'Connections', description: 'Credentials that many connectors share.' },
    { name: 'Runs', description: 'Executions of agents.' },
    { name: 'Triggers', description: 'Events that started runs, and requests that did not.' },
    { name: 'Deliveries', description: 'Results sent to outbound connectors.' },
    { name: 'Dead letters', description: 'Events that failed after all retries.' },
    { name: 'Operation', description: 'Events, statistics, and the audit log.' },
    { name: 'Budgets', description: 'Limits for the cost, tokens, and number of runs per period.' },
    { name: 'API keys', description: 'Credentials for programs. Operators only.' },
  ],
};
