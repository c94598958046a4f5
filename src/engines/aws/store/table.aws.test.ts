import { DescribeTableCommand, DynamoDBClient, UpdateTableCommand } from '@aws-sdk/client-dynamodb';
import { expect, test } from '@jest/globals';
import { sampleDispatch } from '../../../../test/aws/samples.ts';
import { testEngine } from '../../../../test/aws/test-engine.ts';
import { checkAdoptedTable } from './adopted-table.ts';

test('A table of an earlier version is not adopted; it takes triggers, and what needs an index that it lacks says so', async () => {
  const { clients, engine, now, resources } = await testEngine();
  const client = new DynamoDBClient();
  const TableName = resources.tableName;
  const { Table } = await client.send(new DescribeTableCommand({ TableName }));
  const check = checkAdoptedTable(client, TableName, Table?.LatestStreamArn ?? '');
  await expect(check).resolves.toBeUndefined();
  const GlobalSecondaryIndexUpdates = [{ Delete: { IndexName: 'by-state' } }];
  await clients.dynamo.send(new UpdateTableCommand({ TableName, GlobalSecondaryIndexUpdates }));
  await expect(checkAdoptedTable(client, TableName, Table?.LatestStreamArn ?? '')).rejects.toMatchObject({
    code: 'table-not-usable',
    message: expect.stringContaining(
      `The table "${TableName}" cannot be adopted. It has no index "by-state".`,
    ),
  });
  expect(await engine.runs.dispatch(sampleDispatch(now))).toEqual({ outcome: 'stored' });
  const why = {
    name: 'PermanentError',
    code: 'index-missing',
    message:
      `The table "${TableName}" has no index "by-state": it was made by an earlier version. Deploy with a table of this ` +
      'version; see "The table of an earlier version" in docs/operating.md.',
  };
  await expect(engine.runs.list({ statuses: ['failed'], limit: 5, cursor: null })).rejects.toMatchObject(why);
  await expect(engine.reconcile()).rejects.toMatchObject(why);
});
