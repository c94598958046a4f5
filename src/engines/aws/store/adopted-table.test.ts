import type { TableDescription } from '@aws-sdk/client-dynamodb';
import { expect, test } from '@jest/globals';
import { flawsOf } from './adopted-table.ts';
import { tableIndexes } from './keys.ts';

const streamArn =
  'arn:aws:dynamodb:eu-west-1:123456789012:table/AgentConnectors-restored/stream/2026-11-26T10:00:00.000';
const keys = (partition: string, sort: string) => [
  { AttributeName: partition, KeyType: 'HASH' as const },
  { AttributeName: sort, KeyType: 'RANGE' as const },
];
const indexes = Object.values(tableIndexes).map(({ name, partition, sort, includes }) => ({
  IndexName: name,
  KeySchema: keys(partition, sort),
  Projection: { ProjectionType: 'INCLUDE' as const, NonKeyAttributes: [...includes] },
}));
const usable: TableDescription = {
  KeySchema: keys('pk', 'sk'),
  GlobalSecondaryIndexes: indexes,
  LatestStreamArn: streamArn,
  StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' },
};
const remedy =
  'Deploy with a table of this version; see "The table of an earlier version" in docs/operating.md.';

test('A table with the keys, indexes and stream of this version can be adopted', () => {
  expect(flawsOf(usable, streamArn)).toEqual([]);
});

test.each<[string, Partial<TableDescription>, string[]]>([
  [
    'of something else',
    { KeySchema: keys('id', 'at'), GlobalSecondaryIndexes: [] },
    ['Its keys are not those of a table of Agent Connectors. Check "tableStreamArn".'],
  ],
  [
    'without an index',
    { GlobalSecondaryIndexes: indexes.filter(({ IndexName }) => IndexName !== 'by-state') },
    ['It has no index "by-state".', remedy],
  ],
  [
    'whose index has other keys',
    { GlobalSecondaryIndexes: indexes.map((index) => ({ ...index, KeySchema: keys('timeKey', 'at') })) },
    [...indexes.map(({ IndexName }) => `Its index "${IndexName}" has other keys.`), remedy],
  ],
  [
    'whose index lacks fields',
    {
      GlobalSecondaryIndexes: indexes.map((index) =>
        index.IndexName === 'by-time'
          ? { ...index, Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['agentName'] } }
          : index,
      ),
    },
    ['Its index "by-time" lacks connectorId, counted.', remedy],
  ],
  [
    'whose stream was enabled again',
    { LatestStreamArn: `${streamArn}1` },
    [`Its stream has another ARN: set "tableStreamArn" to ${streamArn}1.`],
  ],
  [
    'whose stream is disabled',
    { StreamSpecification: { StreamEnabled: false } },
    ['Its stream is disabled: enable it with the view type NEW_IMAGE.'],
  ],
  [
    'whose stream tells only keys',
    { StreamSpecification: { StreamEnabled: true, StreamViewType: 'KEYS_ONLY' } },
    ['Its stream has no images of new items: enable it with the view type NEW_IMAGE.'],
  ],
])('A table %s cannot', (_what, other, flaws) => {
  expect(flawsOf({ ...usable, ...other }, streamArn)).toEqual(flaws);
});
