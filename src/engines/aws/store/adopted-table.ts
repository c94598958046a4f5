import { DescribeTableCommand, type DynamoDBClient, type TableDescription } from '@aws-sdk/client-dynamodb';
import { PermanentError } from '../../../core/errors.ts';
import { type TableIndex, tableIndexes, tableKey } from './keys.ts';

/**
 * Checks that a deployment can use a table that it did not create itself.
 *
 * @param streamArn ARN of the stream by which the table is adopted
 * @throws PermanentError `table-not-usable` with every flaw and its remedy
 */
export async function checkAdoptedTable(
  client: DynamoDBClient,
  tableName: string,
  streamArn: string,
): Promise<void> {
  const { Table = {} } = await client.send(new DescribeTableCommand({ TableName: tableName }));
  const flaws = flawsOf(Table, streamArn);
  if (flaws.length === 0) return;
  throw new PermanentError(
    'table-not-usable',
    `The table "${tableName}" cannot be adopted. ${flaws.join(' ')} Nothing was changed.`,
  );
}

const remedy =
  'Deploy with a table of this version; see "The table of an earlier version" in docs/operating.md.';

/** Why a deployment cannot use a table, and the remedy: one or two sentences each. */
export function flawsOf(table: TableDescription, streamArn: string): string[] {
  if (!hasKeys(table.KeySchema, { partition: tableKey.partition, sort: tableKey.sort })) {
    return ['Its keys are not those of a table of Agent Connectors. Check "tableStreamArn".'];
  }
  const unusable = Object.values(tableIndexes).flatMap((index) => flawOfIndex(table, index) ?? []);
  return [...unusable, ...(unusable.length === 0 ? [] : [remedy]), ...flawsOfStream(table, streamArn)];
}

function flawOfIndex({ GlobalSecondaryIndexes = [] }: TableDescription, index: TableIndex): string | null {
  const found = GlobalSecondaryIndexes.find(({ IndexName }) => IndexName === index.name);
  if (found === undefined) return `It has no index "${index.name}".`;
  if (!hasKeys(found.KeySchema, index)) return `Its index "${index.name}" has other keys.`;
  const { ProjectionType, NonKeyAttributes = [] } = found.Projection ?? {};
  const lacking = index.includes.filter((name) => !NonKeyAttributes.includes(name));
  if (ProjectionType === 'ALL' || lacking.length === 0) return null;
  return `Its index "${index.name}" lacks ${lacking.join(', ')}.`;
}

type Keys = Pick<TableIndex, 'partition' | 'sort'>;

function hasKeys(schema: TableDescription['KeySchema'] = [], { partition, sort }: Keys): boolean {
  const named = (keyType: string) => schema.find(({ KeyType }) => KeyType === keyType)?.AttributeName;
  return named('HASH') === partition && named('RANGE') === sort;
}

/** Deliveries are planned from the stream: a disabled stream, or one without new images, would plan none. */
function flawsOfStream(table: TableDescription, streamArn: string): string[] {
  const { LatestStreamArn, StreamSpecification: stream } = table;
  if (stream?.StreamEnabled !== true || LatestStreamArn === undefined) {
    return ['Its stream is disabled: enable it with the view type NEW_IMAGE.'];
  }
  if (LatestStreamArn !== streamArn) {
    return [`Its stream has another ARN: set "tableStreamArn" to ${LatestStreamArn}.`];
  }
  if (stream.StreamViewType?.startsWith('NEW_') === true) return [];
  return ['Its stream has no images of new items: enable it with the view type NEW_IMAGE.'];
}
