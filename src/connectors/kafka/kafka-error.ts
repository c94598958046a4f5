import { hideSecrets } from '../../core/redaction/hide-secrets.ts';
import { connectionSentences } from '../../net/network-error.ts';
import { alwaysBlockedCode, blockedCodes } from '../../net/target-guard.ts';

const systemSentences = connectionSentences('broker');

/**
 * Explains error codes of Kafka (https://kafka.apache.org/protocol#protocol_error_codes) and of the system to
 * operators.
 */
const sentences: Readonly<Record<string, string>> = {
  ...systemSentences,
  UNKNOWN_TOPIC_OR_PARTITION: 'The topic does not exist.',
  TOPIC_AUTHORIZATION_FAILED: 'The user may not use this topic.',
  GROUP_AUTHORIZATION_FAILED: 'The user may not use this consumer group.',
  CLUSTER_AUTHORIZATION_FAILED: 'The user may not do this on the cluster.',
  SASL_AUTHENTICATION_FAILED: 'The broker rejected the user name or password.',
  UNSUPPORTED_SASL_MECHANISM: 'The broker does not support this SASL mechanism.',
  MESSAGE_TOO_LARGE: 'The message is larger than the topic allows.',
  RECORD_LIST_TOO_LARGE: 'The message is larger than the topic allows.',
  INVALID_RECORD: 'The topic rejected the message.',
  NOT_ENOUGH_REPLICAS: 'The topic has too few in-sync replicas.',
  NOT_ENOUGH_REPLICAS_AFTER_APPEND: 'Too few in-sync replicas of the topic acknowledged the message.',
  LEADER_NOT_AVAILABLE: 'The partition currently has no leader.',
};

/** The client's own errors whose name says more than their message. */
const sentencesByName: Readonly<Record<string, string>> = {
  KafkaJSSASLAuthenticationError: 'The broker rejected the user name or password.',
  KafkaJSConnectionClosedError: 'The broker closed the connection.',
  KafkaJSNoBrokerAvailableError: 'The brokers cannot be reached.',
  KafkaJSRequestTimeoutError: 'The broker did not respond in time.',
  KafkaJSNotImplemented: 'The compression of the messages is not supported.',
};

/** Message errors that another attempt cannot fix. */
const permanent = new Set(['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE', 'INVALID_RECORD']);

/**
 * A sentence for anything that the client throws.
 *
 * @param secrets the connection's secrets, which a broker may repeat and the sentence must not contain
 */
export function kafkaError(thrown: unknown, secrets: readonly string[]): string {
  return hideSecrets(sentenceOf(thrown), secrets);
}

function sentenceOf(thrown: unknown): string {
  const blocked = chainOf(thrown).find(({ code }) => blockedCodes.has(code));
  if (blocked !== undefined) return blocked.message.replace(/^Connection error: /, '');
  const known = chainOf(thrown)
    .map(({ type, code, name }) => sentences[type] ?? sentences[code] ?? sentencesByName[name])
    .find((sentence) => sentence !== undefined);
  if (known !== undefined) return known;
  const { message, code } = chainOf(thrown).at(-1) ?? { message: String(thrown), code: '' };
  for (const systemCode in systemSentences)
    if (message.includes(systemCode)) return systemSentences[systemCode] ?? message;
  if (/certificate|tls|ssl|handshake/i.test(`${message} ${code}`)) {
    return `The TLS connection to the broker failed (${message}).`;
  }
  return `Kafka: ${message.replace(/\.$/, '')}.`;
}

/** Whether every further attempt with the same message must fail. */
export function isPermanent(thrown: unknown): boolean {
  return chainOf(thrown).some(({ type, code }) => permanent.has(type) || code === alwaysBlockedCode);
}

interface Link {
  readonly name: string;
  readonly message: string;
  readonly type: string;
  readonly code: string;
}

/** The error and its causes, outermost first. */
function chainOf(thrown: unknown): Link[] {
  const chain: Link[] = [];
  for (let error = thrown; error instanceof Error && chain.length < 8; error = error.cause) {
    const { name, message } = error;
    chain.push({ name, message, type: textOf(error, 'type'), code: textOf(error, 'code') });
  }
  return chain;
}

function textOf(error: Error, field: 'type' | 'code'): string {
  const value = field in error ? Reflect.get(error, field) : undefined;
  return typeof value === 'string' ? value : '';
}
