import { matchesSecret, validSecrets } from '../../core/connector-secrets.ts';
import type { ReceiveContext, Refused } from '../../core/connector-type.ts';
import { unauthorized } from '../../core/receive-trigger.ts';
import type { AuthConfig } from './auth-config.ts';
import { bodyOfBytes, type WebhookRequest } from './http-request.ts';
import { parseFields } from './payload/form-fields.ts';
import { readBody } from './payload/read-body.ts';
import type { ReceivingConfig } from './receiving-config.ts';
import { verifyGenericHmac } from './signatures/generic-hmac.ts';
import { verifyGithub } from './signatures/github.ts';
import { verifySlack } from './signatures/slack.ts';
import { verifyStandardWebhooks } from './signatures/standard-webhooks.ts';
import { verifyStripe } from './signatures/stripe.ts';

type SignatureAuth = Exclude<AuthConfig, { type: 'secret' | 'none' }>;
type Authenticated = { readonly outcome: 'authenticated'; readonly request: WebhookRequest };

/**
 * Tells whether the request may be taken (connectors.md, "Authentication").
 *
 * @returns the request to go on with: where its body had to be read for a signature, with that body
 */
export async function authenticate(
  request: WebhookRequest,
  config: ReceivingConfig,
  context: ReceiveContext,
): Promise<Authenticated | Refused> {
  const { auth } = config;
  if (auth.type === 'none') return { outcome: 'authenticated', request };
  if (auth.type === 'secret') {
    const { secretHashes } = context.connector;
    const known = secretsIn(request).some((secret) => matchesSecret(secret, secretHashes, context.now));
    return known ? { outcome: 'authenticated', request } : unauthorized;
  }
  // A signature covers the body, and the payload of a GET is its query: nothing would vouch for it.
  if (request.method === 'GET') return unauthorized;
  if (request.headers[signatureHeader(auth)] === undefined) return unauthorized;
  const body = await readBody(request, config.max_body_bytes);
  if (!(body instanceof Uint8Array)) return body;
  const secrets = await signingSecrets(context);
  if (!isSigned(request, body, auth, secrets, context.now)) return unauthorized;
  return { outcome: 'authenticated', request: { ...request, body: bodyOfBytes(body) } };
}

/** Every secret that a request carries; the preferred place first. */
function secretsIn({ headers, query }: WebhookRequest): string[] {
  const secrets: string[] = [];
  const header = headers['x-connic-secret'];
  if (header !== undefined) secrets.push(header);
  const bearer = /^bearer +(.+)$/i.exec(headers['authorization'] ?? '')?.[1];
  if (bearer !== undefined) secrets.push(bearer.trim());
  if (query.includes('secret')) secrets.push(...secretParameters(query));
  return secrets;
}

/** Each parameter is read by itself: a broken one beside the secret makes the request malformed, not its sender unknown. */
function secretParameters(query: string): readonly string[] {
  return query.split('&').flatMap((parameter) => {
    const parsed = parseFields(parameter, 'utf-8', 'The query');
    return parsed.outcome === 'parsed' ? (parsed.fields.get('secret') ?? []) : [];
  });
}

/** The sender's own secret where the configuration has one, else the connector's, both of them during a rotation. */
async function signingSecrets(context: ReceiveContext): Promise<readonly string[]> {
  const secrets = await context.secrets();
  const chosen = secrets.config['signing_secret'];
  return chosen === undefined ? validSecrets(secrets, context.now) : [chosen];
}

/** The header without which no body needs to be read. */
function signatureHeader(auth: SignatureAuth): string {
  if (auth.type === 'hmac') return auth.header;
  const headers = {
    'standard-webhooks': 'webhook-signature',
    github: 'x-hub-signature-256',
    stripe: 'stripe-signature',
    slack: 'x-slack-signature',
  };
  return headers[auth.type];
}

function isSigned(
  { headers }: WebhookRequest,
  body: Uint8Array,
  auth: SignatureAuth,
  secrets: readonly string[],
  now: number,
): boolean {
  switch (auth.type) {
    case 'standard-webhooks':
      return verifyStandardWebhooks(headers, body, secrets, now, auth.tolerance_seconds);
    case 'github':
      return verifyGithub(headers, body, secrets);
    case 'stripe':
      return verifyStripe(headers, body, secrets, now, auth.tolerance_seconds);
    case 'slack':
      return verifySlack(headers, body, secrets, now, auth.tolerance_seconds);
    case 'hmac':
      return verifyGenericHmac(headers, body, secrets, auth, now);
  }
}
