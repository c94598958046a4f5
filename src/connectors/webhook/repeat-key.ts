import { hash } from 'node:crypto';
import type { RepeatKey } from '../../core/connector-type.ts';
import { type JsonValue, valueAtPath } from '../../core/json-value.ts';
import type { WebhookRequest } from './http-request.ts';
import type { ReceivingConfig } from './receiving-config.ts';

/** How long a repeat is recognised (connectors.md, "Sending twice"). */
const validForMs = 24 * 3_600 * 1_000;

/** Longer keys are kept as their hash. */
const longestKey = 255;

/**
 * What tells a repeat of this request: its `Idempotency-Key`, else what the configuration names; `null` where it
 * carries neither. Two requests are equal when they have the same method and give the agent the same payload.
 */
export function repeatKeyOf(
  request: WebhookRequest,
  config: ReceivingConfig,
  payload: JsonValue,
): RepeatKey | null {
  const key = request.headers['idempotency-key'] || dedupeKey(request, config, payload);
  if (!key) return null;
  return {
    key: key.length > longestKey ? hash('sha256', key, 'base64url') : key,
    fingerprint: hash('sha256', `${request.method}\n${JSON.stringify(payload)}`, 'base64url'),
    validForMs,
  };
}

function dedupeKey({ headers }: WebhookRequest, { dedupe }: ReceivingConfig, payload: JsonValue): string {
  if (dedupe?.header !== undefined) return headers[dedupe.header] ?? '';
  if (dedupe?.body_path === undefined) return '';
  const value = valueAtPath(payload, dedupe.body_path) ?? '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
