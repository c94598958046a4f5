import { hash } from 'node:crypto';
import type { HttpRequest } from '../../core/connectors/http-request.ts';
import type { IdempotencyKey } from '../../core/connectors/received.ts';
import { textOrJson } from '../../core/json/key-at-path.ts';
import type { Payload } from '../../core/json/payload.ts';
import type { EventIdentity } from '../../signatures/presets.ts';
import { senderOf } from './auth-config.ts';
import type { ReceivingConfig } from './receiving-config.ts';

/** How long repeats are recognised. */
const validForMs = 24 * 3_600 * 1_000;

/** Longer keys are stored as hashes. */
const longestKey = 255;

/**
 * The ID that identifies repeats of this request: the one that its sender signed, otherwise its `Idempotency-Key`,
 * otherwise the value that the configuration names, otherwise the event ID of the preset's sender. `null` if it has none
 * of them.
 *
 * For a key of the request or the configuration, requests are equal if they have the same method and payload. The sender's own event
 * ID is sufficient by itself: the text may differ between attempts. Stripe's, for example, counts pending deliveries.
 */
export function idempotencyKeyOf(
  request: HttpRequest,
  config: ReceivingConfig,
  payload: Payload,
  signedId: string | undefined,
): IdempotencyKey | null {
  const { auth, dedupe, preset_dedupe } = config;
  if (signedId !== undefined) return idOfSender(auth, signedId);
  const key = request.headers['idempotency-key'] || keyAt(request, dedupe, payload);
  if (key) return idempotencyKey(key, `${request.method}\n${payload.text}`);
  const sender = senderOf(auth);
  if (dedupe !== null || !preset_dedupe || sender === null) return null;
  const id = identitiesOf(sender)
    .map((place) => keyAt(request, placeOf(place), payload))
    .find((found) => found !== '');
  return id === undefined ? null : idOfSender(auth, id);
}

function idOfSender({ type }: ReceivingConfig['auth'], id: string): IdempotencyKey {
  return idempotencyKey(`${type}: ${id}`, type);
}

/** Where a sender's requests carry the event ID. */
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
