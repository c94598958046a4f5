import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import type { EventIdentity } from './presets.ts';
import type { RequestHeaders } from './request-signature.ts';
import { decodeStrictly, isTimely, type SignatureEncoding } from './signature-scheme.ts';

/** How a sender signs time and body with its private key, as data. Header names are in lower case. */
export interface PublicKeyScheme {
  readonly header: string;
  readonly encoding: SignatureEncoding;
  /** In Unix seconds. */
  readonly timestampHeader: string;
  readonly key: PublicKeyForm;
}

/** The form of a public key: the 32 bytes of Ed25519 in hex, or an ECDSA key (SubjectPublicKeyInfo) in Base64. */
type PublicKeyForm = 'ed25519-hex' | 'ecdsa-base64';

/** A sender with its own key pair; like `SignaturePreset`. */
export interface PublicKeyPreset {
  readonly title: string;
  readonly description: string;
  readonly scheme: PublicKeyScheme;
  readonly repeats: EventIdentity | null;
  readonly eventHeaders: readonly string[];
}

/** Every public-key preset by name. */
export const publicKeyPresets = {
  /** docs.discord.com, "Interactions overview", "Setting up an endpoint: validating security request headers". */
  discord: {
    title: 'Discord',
    description: 'X-Signature-Ed25519 and X-Signature-Timestamp.',
    scheme: {
      header: 'x-signature-ed25519',
      encoding: 'hex',
      timestampHeader: 'x-signature-timestamp',
      key: 'ed25519-hex',
    },
    repeats: { bodyPath: 'id' },
    eventHeaders: [],
  },
  /** twilio.com/docs/sendgrid, "Event Webhook security features". */
  sendgrid: {
    title: 'SendGrid',
    description: 'X-Twilio-Email-Event-Webhook-Signature and its timestamp.',
    scheme: {
      header: 'x-twilio-email-event-webhook-signature',
      encoding: 'base64',
      timestampHeader: 'x-twilio-email-event-webhook-timestamp',
      key: 'ecdsa-base64',
    },
    repeats: null,
    eventHeaders: [],
  },
} as const satisfies Record<string, PublicKeyPreset>;

export type PublicKeyPresetName = keyof typeof publicKeyPresets;

/** What is wrong with a public key, in a sentence; `null` if it is valid. */
export function publicKeyProblem(text: string, form: PublicKeyForm): string | null {
  if (publicKey(text, form) !== null) return null;
  return form === 'ed25519-hex'
    ? 'must be the 64 hex digits of an Ed25519 public key.'
    : 'must be an ECDSA public key in Base64, as the provider shows it.';
}

/**
 * Whether the holder of the key has signed the raw body, close enough to `now`. An invalid key verifies nothing.
 *
 * @param now Unix ms
 */
export function isSignedByKey(
  scheme: PublicKeyScheme,
  { headers, body }: { readonly headers: RequestHeaders; readonly body: Uint8Array },
  keyText: string,
  now: number,
  toleranceSeconds: number,
): boolean {
  const signature = decodeStrictly(headers[scheme.header] ?? '', scheme.encoding);
  const timestamp = headers[scheme.timestampHeader] ?? '';
  const key = publicKey(keyText, scheme.key);
  if (signature === null || key === null || !isTimely(timestamp, now, toleranceSeconds)) return false;
  const signed = Buffer.concat([Buffer.from(timestamp), body]);
  return verify(scheme.key === 'ed25519-hex' ? null : 'sha256', signed, key, signature);
}

/** The bytes before the 32 bytes of an Ed25519 key in its SubjectPublicKeyInfo (RFC 8410, section 10.1). */
const ed25519Prefix = Buffer.from('302a300506032b6570032100', 'hex');

function publicKey(text: string, form: PublicKeyForm): KeyObject | null {
  const bytes = decodeStrictly(text.trim(), form === 'ed25519-hex' ? 'hex' : 'base64');
  if (bytes === null || (form === 'ed25519-hex' && bytes.length !== 32)) return null;
  const key = form === 'ed25519-hex' ? Buffer.concat([ed25519Prefix, bytes]) : bytes;
  try {
    const made = createPublicKey({ key, format: 'der', type: 'spki' });
    return made.asymmetricKeyType === (form === 'ed25519-hex' ? 'ed25519' : 'ec') ? made : null;
  } catch {
    return null;
  }
}
