import type { ConnectorType, ModeDescription } from '../../core/connectors/connector-type.ts';
import type { RequestWay } from '../../core/connectors/ways.ts';
import { inboundConfig } from './inbound-config.ts';
import { receive } from './receive.ts';
import { sampleRequest } from './sample-request.ts';

const request: RequestWay = {
  suffix: '',
  receive,
  // A connector for which no secret is stored, so no sender knows it.
  decoy: () => inboundConfig.parse({ signing_secret: 'whsec_nobody' }),
};

const inboundMode: ModeDescription<never> = {
  summary: 'Runs agents for Stripe events.',
  config: inboundConfig,
  ways: { request },
  instructions: `
The connector needs the destination's signing secret, and the destination needs a URL. Create the destination first, with a placeholder URL:

1. In Stripe, open **Workbench > Webhooks**, and choose **Create new destination**. Choose the events, then **Webhook endpoint**, and enter the URL \`https://example.com\`.
2. Enter the **Signing secret** of the new destination here.
3. Back in Stripe, choose **Edit destination**, and replace the URL with \`{{url}}\`.
`,
  sampleRequest,
  samples: [
    { title: 'All events of the destination', config: { signing_secret: 'whsec_sample' } },
    {
      title: 'Completed checkouts, and everything about invoices',
      config: { signing_secret: 'whsec_sample', event_types: ['checkout.session.completed', 'invoice.*'] },
    },
  ],
};

/** Receives events from Stripe. */
export const stripe: ConnectorType = {
  name: 'stripe',
  title: 'Stripe',
  category: 'web',
  summary: 'Run agents for payments, invoices, and other Stripe events.',
  icon: '<g fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round"><rect x="3" y="5.5" width="18" height="13" rx="2"/><path d="M3 10h18M6.5 14.5h4"/></g>',
  modes: { inbound: inboundMode },
};
