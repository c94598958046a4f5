import type { HmacAuth } from '../auth-config.ts';
import { anyEqual, hmac, isTimely, type RequestHeaders, unixSeconds } from './hmac.ts';

/** The headers of a sender that signs as the configuration says. @param now Unix ms */
export function signGenericHmac(
  body: string | Uint8Array,
  secret: string,
  config: HmacAuth,
  now: number,
): Record<string, string> {
  const timestamp = config.timestamp_header === null ? null : unixSeconds(now);
  const signature = digest(secret, config, timestamp, body).toString(config.encoding);
  return {
    [config.header]: config.prefix + signature,
    ...(config.timestamp_header === null ? {} : { [config.timestamp_header]: unixSeconds(now) }),
  };
}

/** Whether one of the secrets has signed the raw body, and where there is a timestamp not far from `now` (Unix ms). */
export function verifyGenericHmac(
  headers: RequestHeaders,
  body: Uint8Array,
  secrets: readonly string[],
  config: HmacAuth,
  now: number,
): boolean {
  const signature = headers[config.header];
  if (signature === undefined || !signature.startsWith(config.prefix)) return false;
  const timestamp = config.timestamp_header === null ? null : (headers[config.timestamp_header] ?? '');
  if (timestamp !== null && !isTimely(timestamp, now, config.tolerance_seconds)) return false;
  return anyEqual(
    [Buffer.from(signature.slice(config.prefix.length), config.encoding)],
    secrets.map((secret) => digest(secret, config, timestamp, body)),
  );
}

function digest(
  secret: string,
  config: HmacAuth,
  timestamp: string | null,
  body: string | Uint8Array,
): Buffer {
  const signed = timestamp === null ? [body] : [`${timestamp}.`, body];
  return hmac(config.algorithm, secret, ...signed);
}
