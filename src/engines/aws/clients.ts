import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import type { LambdaClient } from '@aws-sdk/client-lambda';
import type { S3Client } from '@aws-sdk/client-s3';
import type { SchedulerClient } from '@aws-sdk/client-scheduler';
import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

/** The AWS clients of one process. Those that the hot path rarely needs are loaded on first use. */
export interface AwsClients {
  readonly dynamo: DynamoDBDocumentClient;
  readonly sqs: SQSClient;
  readonly s3: () => Promise<S3Client>;
  readonly secrets: () => Promise<SecretsManagerClient>;
  readonly scheduler: () => Promise<SchedulerClient>;
  readonly lambda: () => Promise<LambdaClient>;
  readonly eventBridge: () => Promise<EventBridgeClient>;
}

/**
 * A caller waits for these calls, so they give up early: at most 3 attempts of 3 s each. DynamoDB and SQS answer within
 * tens of milliseconds or not at all.
 */
const fast = {
  maxAttempts: 3,
  requestHandler: { connectionTimeout: 1_000, requestTimeout: 3_000, throwOnRequestTimeout: true },
};

/** Objects may be megabytes in size, and calls to Lambda may take seconds. */
const bulky = { maxAttempts: 3, requestHandler: { ...fast.requestHandler, requestTimeout: 15_000 } };

/** Clients with the region, credentials, and endpoint of the environment, as Lambda sets it. */
export function awsClients(): AwsClients {
  return {
    dynamo: documents(new DynamoDBClient(fast)),
    // Send to the endpoint of the environment, not to the host in the queue's URL.
    sqs: new SQSClient({ ...fast, useQueueUrlAsEndpoint: false }),
    s3: once(async () => {
      const { S3Client } = await import('@aws-sdk/client-s3');
      return new S3Client({ ...bulky, forcePathStyle: process.env['AWS_ENDPOINT_URL'] !== undefined });
    }),
    secrets: once(async () => {
      const { SecretsManagerClient } = await import('@aws-sdk/client-secrets-manager');
      return new SecretsManagerClient(fast);
    }),
    scheduler: once(async () => {
      const { SchedulerClient } = await import('@aws-sdk/client-scheduler');
      return new SchedulerClient(fast);
    }),
    lambda: once(async () => {
      const { LambdaClient } = await import('@aws-sdk/client-lambda');
      return new LambdaClient(bulky);
    }),
    eventBridge: once(async () => {
      const { EventBridgeClient } = await import('@aws-sdk/client-eventbridge');
      return new EventBridgeClient(fast);
    }),
  };
}

/** Items as plain objects; fields that are `undefined` are not stored. */
export function documents(client: DynamoDBClient): DynamoDBDocumentClient {
  return DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
}

function once<Value>(make: () => Promise<Value>): () => Promise<Value> {
  let made: Promise<Value> | null = null;
  return () => {
    made ??= make();
    return made;
  };
}
