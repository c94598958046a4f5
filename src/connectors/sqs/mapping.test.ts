import { describe, expect, test } from '@jest/globals';
import { sampleConnector } from '../../../test/connectors/sample-records.ts';
import { mapping } from './mapping.ts';
import { sampleMessage } from './samples.ts';

function record(messageId: string, group?: string) {
  return {
    messageId,
    receiptHandle: 'r',
    body: 'hello',
    attributes: {
      ApproximateReceiveCount: '2',
      SentTimestamp: '1705312800000',
      ...(group === undefined ? {} : { MessageGroupId: group }),
    },
    messageAttributes: {
      kind: { stringValue: 'order', dataType: 'String' },
      picture: { binaryValue: 'AAE=', dataType: 'Binary' },
    },
    eventSource: 'aws:sqs',
  };
}

describe('the event source of a queue', () => {
  const config = { queue_url: 'https://sqs.eu-west-1.amazonaws.com/123456789012/orders', max_messages: 5 };

  test('is the queue of the connector, with as many messages in a batch as it asks for', () => {
    const source = mapping.source(sampleConnector('sqs', 'inbound', config), {});
    expect(source).toEqual({
      kind: 'queue',
      parameters: { EventSourceArn: 'arn:aws:sqs:eu-west-1:123456789012:orders', BatchSize: 5 },
      access: [],
      inNetwork: false,
    });
    expect(mapping.identityOf({ ...source.parameters, BatchSize: 1 })).toBe(
      mapping.identityOf(source.parameters),
    );
  });

  test('hands over messages, each of which may fail alone', () => {
    const [first, second] = mapping.events({ Records: [record('m-1'), record('m-2')] });
    expect(first?.events).toEqual([
      sampleMessage({
        messageId: 'm-1',
        receiptHandle: 'r',
        body: 'hello',
        receiveCount: 2,
        attributes: { kind: 'order', picture: 'AAE=' },
      }),
    ]);
    expect(second?.itemIdentifiers).toEqual(['m-2']);
  });

  test('hands over the messages of a group in order, which come again together', () => {
    const groups = mapping.events({ Records: [record('m-1', 'a'), record('m-2', 'b'), record('m-3', 'a')] });
    expect(groups.map(({ itemIdentifiers }) => itemIdentifiers)).toEqual([['m-1', 'm-3'], ['m-2']]);
  });
});
