import fc from 'fast-check';
import { noSecrets } from '../../core/ports/secret-store.ts';
import type { EventSample, TypeSamples } from '../type-samples.ts';
import type { SentMessage } from './prepare.ts';
import type { QueueMessage } from './queue-message.ts';

const queueUrl = 'https://sqs.eu-west-1.amazonaws.com/123456789012/orders';

/** A message of the queue `orders` with the given parts. */
export function sampleMessage(parts: Partial<QueueMessage> = {}): QueueMessage {
  return {
    messageId: '5fea7756-0ea4-451a-a703-a558b933e274',
    receiptHandle: 'AQEBwJnKyrHigUMZj6rYigCgxlaS3SLy0a',
    body: '{"total":99.5}',
    receiveCount: 1,
    sentAtMs: 1_705_312_800_000,
    group: null,
    attributes: {},
    ...parts,
  };
}

const facts = {
  message_id: '5fea7756-0ea4-451a-a703-a558b933e274',
  receipt_handle: 'AQEBwJnKyrHigUMZj6rYigCgxlaS3SLy0a',
  queue_url: queueUrl,
  approximate_receive_count: 1,
  sent_timestamp: 1_705_312_800_000,
};

function sample(title: string, message: QueueMessage, payload: EventSample<QueueMessage>['payload']) {
  const taken = { mode: 'inbound', config: { queue_url: queueUrl }, secrets: noSecrets } as const;
  return { title, event: () => message, payload, authenticated: false, ...taken };
}

/** The conformance suite loads these by folder name. @public */
export const samples: TypeSamples<QueueMessage, SentMessage> = {
  events: [
    sample('an object', sampleMessage(), { total: 99.5, _sqs: facts }),
    sample('text', sampleMessage({ body: 'shipped' }), { message: 'shipped', _sqs: facts }),
    sample(
      'a list, with a group and attributes',
      sampleMessage({ body: '[1]', group: 'o-1', attributes: { kind: 'order' } }),
      {
        message: [1],
        _sqs: { ...facts, message_group_id: 'o-1', attributes: { kind: 'order' } },
      },
    ),
  ],
  anyEvent: fc.record({
    messageId: fc.string(),
    receiptHandle: fc.string(),
    body: fc.oneof(fc.string(), fc.json()),
    receiveCount: fc.nat(),
    sentAtMs: fc.nat(),
    group: fc.option(fc.string()),
    attributes: fc.dictionary(fc.string(), fc.string()),
  }),
  visible: ({ access, body, deliveryId, group }) =>
    JSON.stringify([access.url, access.service.region, body, deliveryId, group]),
};
