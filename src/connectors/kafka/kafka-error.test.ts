import { expect, test } from '@jest/globals';
import kafkajs from 'kafkajs';
import { isPermanent, kafkaError as kafkaErrorWith } from './kafka-error.ts';

const { KafkaJSConnectionError, KafkaJSNumberOfRetriesExceeded, KafkaJSProtocolError } = kafkajs;

const kafkaError = (thrown: unknown) => kafkaErrorWith(thrown, []);

const protocolError = (type: string) =>
  new KafkaJSProtocolError(Object.assign(new Error('said so'), { type, code: 1 }));

test('an error of the protocol is a sentence, also inside the error of the last try', () => {
  const sentence = 'The user may not use this topic.';
  const error = protocolError('TOPIC_AUTHORIZATION_FAILED');
  expect(kafkaError(error)).toBe(sentence);
  expect(kafkaError(new KafkaJSNumberOfRetriesExceeded(error, { retryCount: 3, retryTime: 10 }))).toBe(
    sentence,
  );
});

test('an error of the connection is a sentence', () => {
  const refused = new KafkaJSConnectionError('Connection error: connect ECONNREFUSED 127.0.0.1:9092');
  expect(kafkaError(refused)).toBe('The broker refused the connection.');
  const expired = new KafkaJSConnectionError('Connection error: certificate has expired');
  expect(kafkaError(expired)).toMatch(/^The TLS connection .* failed \(.*expired\)\.$/);
});

test('what is not known is said as it is', () => {
  expect(kafkaError(new Error('The moon is full.'))).toBe('Kafka: The moon is full.');
  expect(kafkaError('odd')).toBe('Kafka: odd.');
});

test('only what is wrong with the message itself is permanent', () => {
  expect(isPermanent(protocolError('MESSAGE_TOO_LARGE'))).toBe(true);
  expect(isPermanent(protocolError('NOT_ENOUGH_REPLICAS'))).toBe(false);
});

test('the password is in no sentence, whatever the broker says', () => {
  const said = new Error('no user with {"password":"p\\"ss-word"}, p%22ss-word');
  expect(kafkaErrorWith(said, ['p"ss-word'])).toBe(
    'Kafka: no user with {"password":"[redacted]"}, [redacted].',
  );
});
