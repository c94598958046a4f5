import { UpdateTableCommand } from '@aws-sdk/client-dynamodb';
import { expect, test } from '@jest/globals';
import { sampleDispatch } from '../../../../test/aws/samples.ts';
import { testEngine } from '../../../../test/aws/test-engine.ts';

test('A table of an earlier version takes triggers, and what needs an index that it lacks says so', async () => {
  const { clients, engine, now, resources } = await testEngine();
  const GlobalSecondaryIndexUpdates = [{ Delete: { IndexName: 'by-state' } }];
  const TableName = resources.tableName;
  await clients.dynamo.send(new UpdateTableCommand({ TableName, GlobalSecondaryIndexUpdates }));
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
