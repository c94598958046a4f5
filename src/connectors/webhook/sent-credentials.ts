import { isSecretName } from '../../core/redaction/secret-name.ts';
import type { WebhookMessage } from './prepare.ts';

/** Shorter parts of a header (`v1`, `realm`) are syntax, not secrets. */
const shortestPart = 8;

/** `Bearer abc`: the scheme is not secret, but the rest is, however short (RFC 9110, section 11.4). */
const schemeAndRest = /^([\w-]+) +(.+)$/;

/** All credentials in a message's headers, whole and in parts, because receivers may echo any of them. */
export function sentCredentials({ headers }: WebhookMessage): string[] {
  return Object.entries(headers).flatMap(([name, value]) =>
    isSecretName(name, 'variable') ? credentialParts(value) : [],
  );
}

/** A credential and those of its parts that are credentials themselves. */
export function credentialParts(value: string): string[] {
  const [, scheme, rest] = schemeAndRest.exec(value) ?? [];
  if (scheme === undefined || rest === undefined || scheme.includes('=')) return [value, ...pieces(value)];
  return [value, rest, ...pieces(rest), ...(scheme.toLowerCase() === 'basic' ? userAndPassword(rest) : [])];
}

/** `v1,abc v1,def`, `username="ada", response="0f"`, `whsec_abc`. */
function pieces(value: string): string[] {
  const words = value.split(/\s+/);
  const parts = words.flatMap((word) => [word, ...word.split(/[,;"']+/)]);
  const values = parts.flatMap((part) => [
    part,
    part.replace(/^[\w-]+=(?==*[^=])/, ''),
    part.replace(/^whsec_/, ''),
  ]);
  return values.filter((piece) => piece.length >= shortestPart);
}

function userAndPassword(encoded: string): string[] {
  const decoded = Buffer.from(encoded, 'base64').toString();
  return [decoded, decoded.slice(decoded.indexOf(':') + 1)];
}
