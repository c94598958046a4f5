import { brotliDecompressSync } from 'node:zlib';
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { LambdaClient, paginateListFunctions } from '@aws-sdk/client-lambda';
import { GetObjectCommand, ListBucketsCommand, paginateListObjectsV2, S3Client } from '@aws-sdk/client-s3';
import { DynamoDBDocumentClient, paginateScan } from '@aws-sdk/lib-dynamodb';
import { logsSince } from './log-events.ts';

/** What is written where, by the name of the place. */
export type Places = Readonly<Record<string, Buffer | string>>;

/**
 * Everything that a deployment has written down in the account of the environment, as it can be read there. Only Secrets
 * Manager is left out.
 *
 * @param since Unix ms, for the logs
 */
export async function places(since: number): Promise<{ readonly logs: Places; readonly others: Places }> {
  const [logs, ...others] = await Promise.all([logsSince(since), records(), objects(), settings()]);
  return { logs, others: Object.assign({}, ...others) };
}

async function records(): Promise<Places> {
  const client = DynamoDBDocumentClient.from(new DynamoDBClient());
  const { TableNames = [] } = await client.send(new ListTablesCommand({}));
  const found: Record<string, string> = {};
  for (const TableName of TableNames) {
    let text = '';
    for await (const { Items = [] } of paginateScan({ client }, { TableName })) text += itemsText(Items);
    found[`the table ${TableName}`] = text;
  }
  return found;
}

function itemsText(items: readonly unknown[]): string {
  return JSON.stringify(items, (_key, value: unknown) =>
    value instanceof Uint8Array ? readable(value).toString('latin1') : value,
  );
}

/** The bytes as whoever may see them would read them: unpacked where they are compressed. */
function readable(bytes: Uint8Array): Buffer {
  try {
    return brotliDecompressSync(bytes);
  } catch {
    return Buffer.from(bytes);
  }
}

async function objects(): Promise<Places> {
  const client = new S3Client({ forcePathStyle: true });
  const { Buckets = [] } = await client.send(new ListBucketsCommand({}));
  const found: Record<string, Buffer> = {};
  for (const { Name: Bucket = '' } of Buckets) {
    if (Bucket.startsWith('cdk-')) continue;
    for await (const { Contents = [] } of paginateListObjectsV2({ client }, { Bucket })) {
      for (const { Key } of Contents) {
        const { Body } = await client.send(new GetObjectCommand({ Bucket, Key }));
        found[`the object ${Key} in ${Bucket}`] = readable(
          (await Body?.transformToByteArray()) ?? new Uint8Array(),
        );
      }
    }
  }
  return found;
}

async function settings(): Promise<Places> {
  const found: Record<string, string> = {};
  for await (const { Functions = [] } of paginateListFunctions({ client: new LambdaClient() }, {})) {
    for (const { FunctionName, Environment } of Functions) {
      found[`the settings of ${FunctionName}`] = JSON.stringify(Environment);
    }
  }
  return found;
}
