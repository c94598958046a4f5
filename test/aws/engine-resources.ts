import { randomBytes } from 'node:crypto';
import { CreateTableCommand, type CreateTableCommandInput } from '@aws-sdk/client-dynamodb';
import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { CreateSecretCommand } from '@aws-sdk/client-secrets-manager';
import { CreateQueueCommand } from '@aws-sdk/client-sqs';
import type { AwsClients } from '../../src/engines/aws/clients.ts';
import { tableIndexes, tableKey } from '../../src/engines/aws/store/keys.ts';

/** What one engine works on; created for each, so that none sees another's records. */
export interface EngineResources {
  readonly tableName: string;
  readonly runQueueUrl: string;
  readonly deliveryQueueUrl: string;
  readonly bucket: string;
  readonly keySecretId: string;
}

/** Makes table, queues, bucket and key secret as the stack does, under a name of their own. */
export async function createResources(clients: AwsClients): Promise<EngineResources> {
  const name = `engine-${randomBytes(6).toString('hex')}`;
  const s3 = await clients.s3();
  const secrets = await clients.secrets();
  const key = JSON.stringify({ key: randomBytes(32).toString('hex') });
  const [runQueue, deliveryQueue] = await Promise.all([
    clients.sqs.send(new CreateQueueCommand({ QueueName: `${name}-runs` })),
    clients.sqs.send(new CreateQueueCommand({ QueueName: `${name}-deliveries` })),
    clients.dynamo.send(new CreateTableCommand(tableInput(name))),
    s3.send(new CreateBucketCommand({ Bucket: name })),
    secrets.send(new CreateSecretCommand({ Name: name, SecretString: key })),
  ]);
  return {
    tableName: name,
    runQueueUrl: runQueue.QueueUrl ?? '',
    deliveryQueueUrl: deliveryQueue.QueueUrl ?? '',
    bucket: name,
    keySecretId: name,
  };
}

function tableInput(TableName: string): CreateTableCommandInput {
  const indexes = Object.values(tableIndexes);
  const keys = indexes.flatMap(({ partition, sort }) => [partition, sort]);
  return {
    TableName,
    BillingMode: 'PAY_PER_REQUEST',
    KeySchema: keySchema(tableKey.partition, tableKey.sort),
    AttributeDefinitions: [...new Set([tableKey.partition, tableKey.sort, ...keys])].map((AttributeName) => ({
      AttributeName,
      AttributeType: 'S',
    })),
    GlobalSecondaryIndexes: indexes.map((index) => ({
      IndexName: index.name,
      KeySchema: keySchema(index.partition, index.sort),
      Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: [...index.includes] },
    })),
    StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' },
  };
}

function keySchema(partition: string, sort: string): CreateTableCommandInput['KeySchema'] {
  return [
    { AttributeName: partition, KeyType: 'HASH' },
    { AttributeName: sort, KeyType: 'RANGE' },
  ];
}
