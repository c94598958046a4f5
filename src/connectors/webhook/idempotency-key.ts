import { hash } from 'node:crypto';
import type { HttpRequest } from '../../core/connectors/http-request.ts';
import type { IdempotencyKey } from '../../core/connectors/received.ts';
import { textOrJson } from '../../core/json/key-at-path.ts';
import type { Payload } from '../../core/json/payload.ts';
import type { EventIdentity } from '../../signatures/presets.ts';
import { senderOf } from './auth-config.ts';
import type { ReceivingConfig } from './receiving-config.ts';

/** How long a repeat is recognised. */
const validForMs = 24 * 3_600 * 1_000;

/** Longer keys are kept as their hash. */
const longestKey = 255;

/**
 * The id by which repeats of this request are recognized: its `Idempotency-Key`, else what the configuration names, else the id that its
 * preset's sender gives each event; `null` where it carries none of them.
 *
 * Two requests with a key of the first two kinds are equal when they have the same method and give the agent the same
 * payload. The sender's own id says by itself that the event is the same one: its text may differ, as Stripe's does,
 * which counts pending deliveries.
 */
export function idempotencyKeyOf(
  request: HttpRequest,
  config: ReceivingConfig,
  payload: Payload,
): IdempotencyKey | null {
  const key = request.headers['idempotency-key'] || keyAt(request, config.dedupe, payload);
  if (key) return idempotencyKey(key, `${request.method}\n${payload.text}`);
  const { auth, dedupe, preset_dedupe } = config;
  const sender = senderOf(auth);
  if (dedupe !== null || !preset_dedupe || sender === null) return null;
  const id = identitiesOf(sender)
    .map((place) => keyAt(request, placeOf(place), payload))
    .find((found) => found !== '');
  return id === undefined ? null : idempotencyKey(`${auth.type}: ${id}`, auth.type);
}

/** Where such senders say which event they bring. */
function identitiesOf({ repeats, otherHeaders }: NonNullable<ReturnType<typeof senderOf>>): EventIdentity[] {
  const inOtherHeaders = otherHeaders?.idHeader ?? null;
  return [
    ...(repeats === null ? [] : [repeats]),
    ...(inOtherHeaders === null ? [] : [{ header: inOtherHeaders }]),
  ];
}

function idempotencyKey(key: string, fingerprint: string): IdempotencyKey {
  return {
    key: key.length > longestKey ? hash('sha256', key, 'base64url') : key,
    fingerprint: hash('sha256', fingerprint, 'base64url'),
    validForMs,
  };
}

function placeOf(identity: EventIdentity): ReceivingConfig['dedupe'] {
  return 'header' in identity ? identity : { body_path: identity.bodyPath };
}

function keyAt({ headers }: HttpRequest, place: ReceivingConfig['dedupe'], payload: Payload): string {
  if (place?.header !== undefined) return headers[place.header] ?? '';
  if (place?.body_path === undefined) return '';
  const found = payload.at(place.body_path);
  return found === undefined || found === 'null' ? '' : textOrJson(found);
}
