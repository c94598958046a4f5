import type { ModeDescription } from '../../core/connectors/connector-type.ts';
import type { RequestWay, RuleWay } from '../../core/connectors/ways.ts';
import type { BusEvent } from './bus-event.ts';
import { inboundConfig, inboundConfigOf } from './inbound-config.ts';
import { receiveRequest } from './receive.ts';
import { sampleRequest } from './sample-request.ts';

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
Where the connector has no rule of its own, create an API destination in EventBridge:

1. **Connection**: authorization type *API key*, name \`X-Connic-Secret\`, value \`{{secret}}\`.
2. **API destination**: endpoint \`{{url}}\`, method *POST*, with this connection.
3. **Rule** on your event bus: the same event pattern as here, with the API destination as its target. Send the matched event, without an input transformer.
`;

export const inboundMode: ModeDescription<BusEvent> = {
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
