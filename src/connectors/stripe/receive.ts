import * as z from 'zod';
import type { HttpRequest } from '../../core/connectors/http-request.ts';
import {
  notPosted,
  type ReceiveContext,
  type Received,
  type Refused,
} from '../../core/connectors/received.ts';
import { Payload } from '../../core/json/json-value.ts';
import { readSigned } from '../../providers/read-signed.ts';
import { presets } from '../../signatures/presets.ts';
import { inboundConfigOf } from './inbound-config.ts';

/** Many times the size of Stripe's events. */
const maxBodyBytes = 4 * 1024 * 1024;

const limits = { maxDepth: 100, maxKeys: 100_000 };

/** docs.stripe.com/api, "The Event object"; thin events have a textual time. */
const stripeEvent = z.object({
  id: z.string().min(1).max(256),
  type: z.string(),
  created: z.union([
    z
      .number()
      .nonnegative()
      .max(1e11)
      .transform((seconds) => seconds * 1_000),
    z.iso.datetime({ offset: true }).transform((text) => Date.parse(text)),
  ]),
});

export async function receive(request: HttpRequest, context: ReceiveContext): Promise<Received> {
  if (request.method !== 'POST') return notPosted;
  const { signing_secret: secret } = (await context.secrets()).config;
  const secrets = secret === undefined ? [] : [secret];
  const read = await readSigned(request, presets.stripe.scheme, secrets, maxBodyBytes, context);
  if (read.outcome === 'refused') return read;
  const refused = context.admit();
  if (refused !== null) return refused;
  const json = await context.readJson(read.bytes, 'utf-8', limits);
  if (json.outcome === 'refused') return json;
  const payload = new Payload(json.text);
  const event = stripeEvent.safeParse(payload.value);
  if (!event.success) return notAnEvent;
  const { id, type, created } = event.data;
  if (!isTaken(type, inboundConfigOf(context.connector.config).event_types)) return ignored(type);
  return {
    outcome: 'accepted',
    payload,
    context: {},
    modelInput: null,
    warnings: [],
    repeat: null,
    natural: { key: id, timeMs: created },
  };
}

function isTaken(type: string, taken: readonly string[]): boolean {
  if (taken.length === 0) return true;
  return taken.some((one) => (one.endsWith('*') ? type.startsWith(one.slice(0, -1)) : type === one));
}

function ignored(type: string): Received {
  const shown = type.replaceAll(/[^\w.]/g, '').slice(0, 60);
  const reason = `Events of the type "${shown}" are not among the connector's event types.`;
  return { outcome: 'answered', answer: null, reason };
}

const notAnEvent: Refused = {
  outcome: 'refused',
  reason: 'malformed',
  detail: 'The body is not a Stripe event: it needs "id", "type", and "created".',
};
