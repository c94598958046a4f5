import { createVerify, X509Certificate } from 'node:crypto';

/**
 * How Amazon SNS signs its posts to subscribers (SNS developer guide, "Verifying the signatures of Amazon SNS
 * messages"): with the private key of a certificate that the message names.
 */
export const snsScheme = {
  /** The header with the type of message. */
  typeHeader: 'x-amz-sns-message-type',
  /** The signed fields in order, by type of message; absent fields are skipped. */
  signedFields: {
    Notification: ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type'],
    SubscriptionConfirmation: [
      'Message',
      'MessageId',
      'SubscribeURL',
      'Timestamp',
      'Token',
      'TopicArn',
      'Type',
    ],
    UnsubscribeConfirmation: [
      'Message',
      'MessageId',
      'SubscribeURL',
      'Timestamp',
      'Token',
      'TopicArn',
      'Type',
    ],
  },
  /** By `SignatureVersion`. */
  algorithms: { 1: 'RSA-SHA1', 2: 'RSA-SHA256' },
  /** Hosts of SNS, for certificates and for confirming subscriptions. */
  host: /^sns\.[a-z0-9-]+\.amazonaws\.com(\.cn)?$/,
  /** Path of a certificate. Other addresses of SNS give text that their callers choose. */
  certificatePath: /^\/SimpleNotificationService-[\w-]+\.pem$/,
} as const;

/** The fields of a message, as sent. */
export type SnsFields = Readonly<Record<string, string | undefined>>;

/** Whether a URL in a message belongs to SNS itself. */
export function isSnsUrl(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname, port, username, password } = new URL(url);
  return protocol === 'https:' && port === '' && username + password === '' && snsScheme.host.test(hostname);
}

/** Whether a URL in a message is one of a certificate of SNS. */
export function isSnsCertificateUrl(url: string): boolean {
  if (!isSnsUrl(url)) return false;
  const { pathname, search } = new URL(url);
  return search === '' && snsScheme.certificatePath.test(pathname);
}

/** The text that SNS signs for a message; `null` for an unknown type of message. */
export function snsSignedText(fields: SnsFields): string | null {
  const names = Object.entries(snsScheme.signedFields).find(([type]) => type === fields['Type'])?.[1];
  if (names === undefined) return null;
  return names.flatMap((name) => (fields[name] === undefined ? [] : [`${name}\n${fields[name]}\n`])).join('');
}

/**
 * Whether the key of a certificate has signed a message.
 *
 * @param certificate in PEM format, from the URL in the message, already checked
 * @param now Unix ms, at which the certificate must be valid
 */
export function isSignedBySns(fields: SnsFields, certificate: string, now: number): boolean {
  const text = snsSignedText(fields);
  const algorithm = Object.entries(snsScheme.algorithms).find(
    ([version]) => version === fields['SignatureVersion'],
  )?.[1];
  if (text === null || algorithm === undefined) return false;
  try {
    const { publicKey, validFrom, validTo } = new X509Certificate(certificate);
    if (now < Date.parse(validFrom) || now > Date.parse(validTo)) return false;
    const verify = createVerify(algorithm).update(text, 'utf8');
    return verify.verify(publicKey, fields['Signature'] ?? '', 'base64');
  } catch {
    // Not a certificate, or not a signature.
    return false;
  }
}
