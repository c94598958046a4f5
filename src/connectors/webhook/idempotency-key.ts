import { hash } from 'node:crypto';
import type { HttpRequest } from '../../core/connectors/http-request.ts';
import type { IdempotencyKey } from '../../core/connectors/received.ts';
import { textOrJson } from '../../core/json/key-at-path.ts';
import type { Payload } from '../../core/json/payload.ts';
import type { EventIdentity } from '../../signatures/presets.ts';
import { senderOf } from './auth-config.ts';
import type { ReceivingConfig } from './receiving-config.ts';
import { fieldPath } from './signed-fields.ts';

/** How long repeats are recognised. */
const validForMs = 24 * 3_600 * 1_000;

/** Longer keys are stored as hashes. */
const longestKey = 255;

/**
 * The ID that identifies repeats of this request: its `Idempotency-Key`, otherwise the value that the configuration
 * names, otherwise the event ID of the preset's sender. `null` if it has none of them.
 *
 * For the first two kinds of keys, requests are equal if they have the same method and payload. The sender's own event
 * ID is sufficient by itself: the text may differ between attempts. Stripe's, for example, counts pending deliveries.
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

/** Where a sender's requests carry the event ID. */
function identitiesOf({
  repeats,
  otherHeaders,
  signatureIn,
}: NonNullable<ReturnType<typeof senderOf>>): EventIdentity[] {
  const inOtherHeaders = otherHeaders?.idHeader ?? null;
  if (signatureIn !== undefined && inOtherHeaders !== null) {
    return signatureIn.map((object) => ({ bodyPath: fieldPath(object, inOtherHeaders) }));
  }
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
