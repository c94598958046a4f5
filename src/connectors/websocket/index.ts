import * as z from 'zod';
import type {
  ConnectorType,
  ModeDescription,
  SampledRequest,
  SampleRequestContext,
} from '../../core/connectors/connector-type.ts';
import type { SentMeaning } from '../../core/connectors/ways.ts';
import { answerStream } from './answer-stream.ts';
import { configOf, syncConfig } from './config.ts';
import { open } from './open.ts';
import { receiveMessage } from './receive-message.ts';

/** What to set up at the client. */
const instructions = `
Connect to \`{{url}}\` and send the secret as the first message. In a web page:

\`\`\`js
const socket = new WebSocket('{{url}}');
socket.onopen = () => socket.send(JSON.stringify({secret: '{{secret}}'}));
socket.onmessage = ({data}) => {
  const message = JSON.parse(data);
  if (message.type === 'connected') socket.send(JSON.stringify({message: 'Hello'}));
  if (message.type === 'stream_chunk') console.log(message.chunk);
};
\`\`\`

- **Programs** send the secret in the handshake instead, in the header \`X-Connic-Secret\`. They can then send larger files.
- **Everyone who can read a page** can read its secret. On a public page, put your own server between the page and this connector.
- **From a shell**, try it with \`npx connectors send\` and the name of the connector.
`;

const sent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ack'), run_ids: z.array(z.string()) }),
  z.object({ type: z.literal('stream_chunk'), agent: z.string(), chunk: z.string() }),
  z.object({ type: z.enum(['stream_end', 'response']), agent: z.string(), full_response: z.string() }),
  z.object({ type: z.literal('error'), detail: z.string(), run_id: z.string().optional() }),
]);

/** Reads a message of this product. */
function meaningOf(text: string): SentMeaning {
  const message = sent.safeParse(JSON.parse(text)).data;
  switch (message?.type) {
    case 'ack':
      return { kind: 'started', runIds: message.run_ids };
    case 'stream_chunk':
      return { kind: 'text', agent: message.agent, text: message.chunk };
    case 'stream_end':
    case 'response':
      return { kind: 'answer', agent: message.agent, output: message.full_response };
    case 'error':
      return { kind: 'failed', runId: message.run_id ?? null, detail: message.detail };
    default:
      return { kind: 'other' };
  }
}

/** One message, over a connection of its own. The secret is in the URL, where browsers can send it. */
function sampleRequest({ connector, url, secrets, content }: SampleRequestContext): SampledRequest {
  if (content.kind === 'body') return { outcome: 'not-made', reason: filesInMessages };
  const isOpen = !configOf(connector).require_auth;
  if (secrets.current === null && !isOpen) return { outcome: 'secret-needed' };
  const query = isOpen ? '' : `${url.includes('?') ? '&' : '?'}secret=${secrets.current}`;
  const body = `{"type":"message","payload":${content.json}}`;
  return {
    outcome: 'made',
    request: { method: 'GET', url: `${url}${query}`, headers: {}, body },
    isFixed: true,
  };
}

const filesInMessages =
  'A message of this connector contains its files: put them into the payload, as "files": [{"name", "mime_type", "data"}] with "data" in Base64.';

/** Longest wait for the answer to a message: as long as a function on AWS can run. */
const longestAnswerMs = 900_000;

const syncMode: ModeDescription<never> = {
  summary: 'A chat over one connection. Each message runs the agents, which know what was said before.',
  config: syncConfig,
  makeSecret: (entropy) => `wssec_${Buffer.from(entropy(32)).toString('hex')}`,
  ways: {
    socket: {
      suffix: '/ws',
      // A connector whose secret no client knows.
      decoy: () => syncConfig.parse({}),
      open,
      message: receiveMessage,
      deadlineMs: () => longestAnswerMs,
      stream: answerStream,
      meaningOf,
    },
  },
  withoutWay:
    'gets no events here: this deployment has no API for connections. Deploy with the setting websocket=true, or use a sync webhook.',
  instructions,
  sampleRequest,
  samples: [
    { title: 'For clients that know the secret', config: {} },
    { title: 'For a chat on a web page', config: { allowed_origins: ['https://app.example.com'] } },
    { title: 'Whole answers, for programs', config: { streaming: false } },
  ],
};

/** A chat with agents over one connection. */
export const websocket: ConnectorType = {
  name: 'websocket',
  title: 'WebSocket',
  summary: 'Chat with agents over a connection that stays open. Answers stream as the model writes them.',
  category: 'chat',
  icon: '<g fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round"><path d="M4 5.5h16v10h-8.5L7 19v-3.5H4z"/><path d="M8.5 9 7 10.5 8.5 12"/><path d="M15.5 9l1.5 1.5-1.5 1.5"/><path d="M10.7 10.5h2.6"/></g>',
  modes: { sync: syncMode },
};
