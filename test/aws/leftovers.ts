import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { LambdaClient, ListEventSourceMappingsCommand } from '@aws-sdk/client-lambda';
import { ListBucketsCommand, S3Client } from '@aws-sdk/client-s3';
import { ListScheduleGroupsCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import { ListSecretsCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs';
import * as z from 'zod';
import type { Ministack } from './ministack.ts';

/** Names of everything of ours that keeps data, logs included, or brings events and is still in the account, but for the CDK's own stack. */
export async function leftovers({ endpoint }: Pick<Ministack, 'endpoint'>): Promise<string[]> {
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const account = { endpoint, region: 'us-east-1', credentials };
  const [tables, buckets, queues, secrets, groups, mappings, logs] = await Promise.all([
    new DynamoDBClient(account).send(new ListTablesCommand({})),
    new S3Client({ ...account, forcePathStyle: true }).send(new ListBucketsCommand({})),
    new SQSClient(account).send(new ListQueuesCommand({})),
    new SecretsManagerClient(account).send(new ListSecretsCommand({})),
    new SchedulerClient(account).send(new ListScheduleGroupsCommand({})),
    new LambdaClient(account).send(new ListEventSourceMappingsCommand({})),
    logGroups(endpoint),
  ]);
  const names = [
    ...(tables.TableNames ?? []),
    ...(buckets.Buckets ?? []).map(({ Name }) => Name),
    ...(queues.QueueUrls ?? []),
    ...(secrets.SecretList ?? []).map(({ Name }) => Name),
    ...(groups.ScheduleGroups ?? []).flatMap(({ Name }) => (Name === 'default' ? [] : [Name])),
    ...(mappings.EventSourceMappings ?? []).map(({ FunctionArn }) => FunctionArn),
    ...logs,
  ];
  return names.flatMap((name) => (name === undefined || name.startsWith('cdk-') ? [] : [name]));
}

const answer = z.object({ logGroups: z.array(z.object({ logGroupName: z.string() })) });

/** Asked over plain HTTP: the product itself calls nothing of CloudWatch Logs, so that its client is not installed. */
async function logGroups(endpoint: string): Promise<string[]> {
  const scope = 'Credential=test/20260101/us-east-1/logs/aws4_request';
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': 'Logs_20140328.DescribeLogGroups',
      authorization: `AWS4-HMAC-SHA256 ${scope}, SignedHeaders=host, Signature=0`,
    },
    body: '{}',
  });
  return answer.parse(await response.json()).logGroups.map(({ logGroupName }) => logGroupName);
}
