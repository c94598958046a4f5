import type {
  ConnectorType,
  DeployedWays,
  ModeDescription,
  Modes,
  SampledRequest,
  SampleRequestContext,
} from '../../core/connectors/connector-type.ts';
import type { RequestWay, RuleWay } from '../../core/connectors/ways.ts';
import { sampleWithSecret } from '../../providers/sample-with-secret.ts';
import { awsConnection } from '../aws-connection.ts';
import { type BusEvent, deadLetterCodec } from './bus-event.ts';
import { inboundConfig, inboundConfigOf, inboundConfigWithoutRules, outboundMode } from './config.ts';
import { type BusMessage, describe, message, prepare } from './prepare.ts';
import { receive, receiveRequest } from './receive.ts';

/** A request as an API destination sends it. A payload that is not a complete event becomes the detail of one. */
export function sampleRequest(context: SampleRequestContext): SampledRequest {
  const { id, now } = context;
  return sampleWithSecret(context, 'x-connic-secret', (json) => eventText(json, id, now));
}

function eventText(json: string, id: string, now: number): string {
  if (/"detail-type"\s*:/.test(json)) return json;
  const facts = {
    version: '0',
    id,
    'detail-type': 'Test',
    source: 'agent-connectors',
    account: '123456789012',
    time: new Date(now).toISOString(),
    region: 'us-east-1',
    resources: [],
  };
  // Preserves the digits of the payload's numbers.
  const detail = json.trimStart().startsWith('{') ? json : `{"message":${json}}`;
  return `${JSON.stringify(facts).slice(0, -1)},"detail":${detail}}`;
}

const request: RequestWay = {
  suffix: '',
  receive: receiveRequest,
  // A connector whose secret no sender knows.
  decoy: () => inboundConfig.parse({}),
};

const rule: RuleWay<BusEvent> = {
  serves: (config) => inboundConfigOf(config).bus !== undefined,
  rule(config) {
    const { bus = 'default', given } = inboundConfigOf(config);
    return { bus, pattern: given };
  },
  event: (text) => ({ text }),
};

const instructions = `
If the connector does not create its own rule, create an API destination in EventBridge:

1. **Connection**: authorization type *API key*, name \`X-Connic-Secret\`, value \`{{secret}}\`.
2. **API destination**: endpoint \`{{url}}\`, method *POST*, with this connection.
3. **Rule** on your event bus: the same event pattern as here, with the API destination as its target. Send the matched event, without an input transformer.
`;

const inboundMode: ModeDescription<BusEvent> = {
  summary: 'Runs agents for events of an event bus that match a pattern.',
  config: inboundConfig,
  makeSecret: (entropy) => `ebsec_${Buffer.from(entropy(32)).toString('hex')}`,
  ways: { request, rule },
  instructions,
  sampleRequest,
  samples: [
    {
      title: 'EC2 instances that have stopped',
      config: { pattern: { source: ['aws.ec2'], detail: { state: ['stopped'] } } },
    },
    {
      title: 'Large orders, by a rule on AWS',
      config: {
        event_bus: 'default',
        pattern: { 'detail-type': ['order.paid'], detail: { total: [{ numeric: ['>=', 1_000] }] } },
      },
    },
    { title: 'All events that are sent to the URL', config: {} },
  ],
};

/** The modes of a deployment. Without rules, events arrive only at the URL. */
function modesOnAws(deployed: DeployedWays): Modes<BusEvent> {
  if (deployed.has('rule')) return { inbound: inboundMode, outbound: outboundMode };
  const { request } = inboundMode.ways;
  const samples = inboundMode.samples.filter(({ config }) => config['event_bus'] === undefined);
  const ways = request === undefined ? {} : { request };
  return {
    inbound: { ...inboundMode, config: inboundConfigWithoutRules, ways, samples },
    outbound: outboundMode,
  };
}

/** Receives events from Amazon EventBridge buses and sends events to them. */
export const eventbridge: ConnectorType<BusEvent, BusMessage> = {
  name: 'eventbridge',
  title: 'EventBridge',
  summary: 'Run agents for events of an event bus, or send their results to one.',
  category: 'queues',
  icon: '<g fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round"><path d="M12 3.5 19.4 7.8v8.4L12 20.5l-7.4-4.3V7.8z"/><circle cx="12" cy="12" r="2.6"/><path d="M12 9.4V3.5M14.3 13.3l5.1 2.9M9.7 13.3l-5.1 2.9"/></g>',
  carriesChain: true,
  connection: awsConnection,
  modes: { inbound: inboundMode, outbound: outboundMode },
  onAws: modesOnAws,
  receive,
  deadLetterCodec,
  message,
  prepare,
  describe,
  // The first event loads the client, so processes that send none start without it.
  send: async (message, context) => (await import('./send.ts')).send(message, context),
};
