import { isForeignPage } from '../../core/connectors/browser-origin.ts';
import { matchesSecret, senderSecrets } from '../../core/connectors/connector-secrets.ts';
import type { HttpRequest } from '../../core/connectors/http-request.ts';
import {
  type ReceiveContext,
  type Refused,
  refuseEvent,
  wrongSecret,
} from '../../core/connectors/received.ts';
import type { Opened } from '../../core/connectors/ways.ts';
import { configOf } from './config.ts';
import { connected } from './server-message.ts';
import { newSession } from './session.ts';

/** How long a client may take to send its secret, in seconds. */
const secretWithinSeconds = 30;
/** A file of the largest size in Base64, and text. Only for clients that have proved that they know the secret. */
const largeMessageBytes = 16 * 1024 * 1024;

/**
 * Accepts the handshake of a client that knows the secret, or of one that brings no credentials: it can still send the
 * secret in its first message.
 */
export async function open(
  request: HttpRequest,
  context: ReceiveContext,
  connectionId: string,
): Promise<Opened | Refused> {
  const config = configOf(context.connector);
  const secrets = secretsIn(request);
  const { secretHashes } = context.connector;
  const known = secrets.some((secret) => matchesSecret(secret, secretHashes, context.now));
  if (config.require_auth && secrets.length > 0 && !known) return wrongSecret;
  const isListed = config.require_auth && config.allowed_origins.length === 0;
  if (!isListed && isForeignPage(request, config.allowed_origins)) return foreignPage;
  const isAdmitted = known || !config.require_auth;
  const session = newSession(connectionId, isAdmitted);
  if (!isAdmitted) return { outcome: 'opened', session, send: [], idleSeconds: secretWithinSeconds };
  const refused = context.admit();
  if (refused !== null) return refused;
  return {
    outcome: 'opened',
    session,
    send: [connected(session, context)],
    idleSeconds: config.session_timeout,
    ...(known ? { maxMessageBytes: largeMessageBytes } : {}),
  };
}

/** The secrets in a handshake. Browsers can only use the query. */
function secretsIn(request: HttpRequest): string[] {
  return [...senderSecrets(request), ...new URLSearchParams(request.query).getAll('secret')];
}

const foreignPage = refuseEvent(
  'origin-not-allowed',
  'Web pages cannot connect to this connector, except from the origins in its "allowed_origins".',
);
