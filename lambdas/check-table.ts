import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { checkResource } from '../src/engines/aws/entry/custom-resource.ts';
import { variable } from '../src/engines/aws/entry/function-environment.ts';
import { checkAdoptedTable } from '../src/engines/aws/store/adopted-table.ts';

const client = new DynamoDBClient();

/** A custom resource that fails the deployment before anything changes if the adopted table is not usable. */
export const handler = checkResource('table.not-usable', () =>
  checkAdoptedTable(client, variable('TABLE_NAME'), variable('TABLE_STREAM_ARN')),
);
