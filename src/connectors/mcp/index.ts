import { sharingHeaders } from '../../core/connectors/browser-origin.ts';
import type { ConnectorType, ModeDescription } from '../../core/connectors/connector-type.ts';
import type { RequestWay } from '../../core/connectors/ways.ts';
import { allowedOriginsOf, deadlineMs, inboundConfig, syncConfig } from './config.ts';
import { receive } from './receive.ts';
import { sampleRequest } from './sample-request.ts';

const requestWay: Omit<RequestWay, 'suffix'> = {
  receive,
  // A connector whose secret no sender knows.
  decoy: () => inboundConfig.parse({}),
  headers(request, connector) {
    return request.headers['origin'] === undefined
      ? undefined
      : sharingHeaders(request, allowedOriginsOf(connector));
  },
};

const instructions = `
Add the connector to an MCP client as a server with the transport *Streamable HTTP*:

- **URL**: \`{{url}}\`
- **Header**: \`Authorization: Bearer {{secret}}\`

If your client is configured with a file, add this:

\`\`\`json
{"mcpServers": {"agents": {"type": "http", "url": "{{url}}", "headers": {"Authorization": "Bearer {{secret}}"}}}}
\`\`\`

Each linked agent is a tool.
`;

const described = {
  makeSecret: (entropy: (count: number) => Uint8Array) =>
    `mcpsec_${Buffer.from(entropy(32)).toString('hex')}`,
  instructions,
  sampleRequest,
};

const syncMode: ModeDescription<never> = {
  ...described,
  summary: 'Agents are tools of an MCP server. A call returns the result of the agent.',
  config: syncConfig,
  ways: { request: { ...requestWay, suffix: '/sync', deadlineMs } },
  samples: [
    { title: 'For MCP clients', config: {} },
    { title: 'For clients that wait 30 seconds', config: { timeout_seconds: 30 } },
  ],
};

const inboundMode: ModeDescription<never> = {
  ...described,
  summary:
    'Agents are tools of an MCP server. A call returns a run id immediately; another tool reads the result.',
  config: inboundConfig,
  ways: { request: { ...requestWay, suffix: '' } },
  samples: [
    { title: 'For MCP clients', config: {} },
    { title: 'For a client in a web page', config: { allowed_origins: ['https://app.example.com'] } },
  ],
};

/** Offers agents as tools of a Model Context Protocol server. */
export const mcp: ConnectorType = {
  name: 'mcp',
  title: 'MCP',
  summary: 'Make agents tools of other agents and of AI assistants, through the Model Context Protocol.',
  category: 'agents',
  icon: '<g fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round"><path d="M4 12.2 11.6 4.6a3 3 0 0 1 4.3 4.3l-5.8 5.8"/><path d="m10.2 14.6 5.7-5.7a3 3 0 0 1 4.3 4.3l-6.9 6.9 1.5 1.5"/><path d="m13.8 6.7-5.7 5.7a3 3 0 0 0 4.3 4.3l5.7-5.7"/></g>',
  modes: { inbound: inboundMode, sync: syncMode },
};
