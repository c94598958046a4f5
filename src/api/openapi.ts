import type { ManagementApp, ManagementContext } from './management-context.ts';

/** Serves the description of the API, generated from the schemas that validate its requests. */
export function serveOpenApi(app: ManagementApp, { baseUrl }: ManagementContext): void {
  app.openAPIRegistry.registerComponent('securitySchemes', 'token', {
    type: 'http',
    scheme: 'bearer',
    description:
      'The token that was printed at the first start (`connectors` reads it from the data folder), or an API key.',
  });
  app.doc31('/openapi.json', () => ({
    openapi: '3.1.0',
    info: {
      title: 'Agent Connectors: management API',
      version: '1',
      description:
        'Connectors, agents, runs and deliveries of a running system. Times are ISO 8601 in UTC. Lists answer ' +
        '`items` and `next_cursor`, which the next call takes as `cursor`.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: baseUrl() }],
    security: [{ token: [] }],
    tags: [
      { name: 'Agents', description: 'Programs that runs execute.' },
      { name: 'Connectors', description: 'What triggers agents and where their results go.' },
      { name: 'Runs', description: 'Executions of agents.' },
      { name: 'Deliveries', description: 'Ended runs on their way to outbound connectors.' },
      { name: 'Dead letters', description: 'What no handler could take.' },
      { name: 'Operation', description: 'Events, statistics, audit log.' },
      { name: 'API keys', description: 'What lets programs in. For operators only.' },
    ],
  }));
}
