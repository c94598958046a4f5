import type { PrivateTargets } from '../core/connectors/private-targets.ts';
import { guardedText } from '../net/guarded-request.ts';
import { isSignedBySns, isSnsCertificateUrl, isSnsUrl, type SnsFields } from '../signatures/sns.ts';

/** A certificate has about 2 kB, and the answer to a confirmation less. */
const mostBytes = 65_536;
const withinMs = 5_000;

/** A day is short enough: SNS changes its certificate about once a year. */
const keptMs = 24 * 3_600 * 1_000;
const mostKept = 50;

const certificates = new Map<string, { readonly pem: string; readonly until: number }>();

/** The origin of messages: SNS, or a compatible server that the configuration names. */
export interface SnsOrigin {
  /** URL of the compatible server. */
  readonly endpoint: string | undefined;
  readonly privateTargets: PrivateTargets;
}

/**
 * Whether SNS signed a message. The certificate is fetched only from SNS or from the configured server.
 *
 * @param now Unix ms
 * @throws an error of the network where the certificate cannot be fetched
 */
export async function isFromSns(fields: SnsFields, origin: SnsOrigin, now: number): Promise<boolean> {
  const url = fields['SigningCertURL'] ?? '';
  if (!isSnsCertificateUrl(url) && !isOfEndpoint(url, origin)) return false;
  return isSignedBySns(fields, await certificateAt(url, origin, now), now);
}

/**
 * Confirms a subscription as its message asks. @returns whether the message names a trusted URL
 * @throws an error of the network where SNS does not confirm it
 */
export async function confirmSubscription(fields: SnsFields, origin: SnsOrigin): Promise<boolean> {
  const url = fields['SubscribeURL'] ?? '';
  if (!isSnsUrl(url) && !isOfEndpoint(url, origin)) return false;
  await guardedText(url, origin.privateTargets, mostBytes, AbortSignal.timeout(withinMs));
  return true;
}

function isOfEndpoint(url: string, { endpoint }: SnsOrigin): boolean {
  return endpoint !== undefined && URL.canParse(url) && new URL(url).origin === new URL(endpoint).origin;
}

async function certificateAt(url: string, { privateTargets }: SnsOrigin, now: number): Promise<string> {
  const known = certificates.get(url);
  if (known !== undefined && known.until > now) return known.pem;
  const pem = await guardedText(url, privateTargets, mostBytes, AbortSignal.timeout(withinMs));
  if (certificates.size >= mostKept) certificates.clear();
  certificates.set(url, { pem, until: now + keptMs });
  return pem;
}
