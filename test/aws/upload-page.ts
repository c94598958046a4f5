import { readdir, readFile } from 'node:fs/promises';
import { extname, join, relative } from 'node:path';
import { ListBucketsCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { PageSettings } from '../../src/api/contract/page-settings.ts';
import type { Deployment } from './deployment.ts';
import type { Ministack } from './ministack.ts';

const builtPage = join(import.meta.dirname, '../../dist/dashboard');

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
};

/** The exception `bucket-uploads` (see `exceptions.ts`): the built page and its settings, into the deployed bucket. */
export async function uploadPage({ endpoint }: Ministack, deployment: Deployment): Promise<void> {
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const s3 = new S3Client({ endpoint, region: 'us-east-1', credentials, forcePathStyle: true });
  const { Buckets = [] } = await s3.send(new ListBucketsCommand({}));
  const Bucket = Buckets.find(({ Name }) => Name?.includes('dashboardfiles'))?.Name;
  const put = (Key: string, Body: string | Buffer) =>
    s3.send(new PutObjectCommand({ Bucket, Key, Body, ContentType: contentTypes[extname(Key)] }));
  for (const file of await pageFiles()) await put(relative(builtPage, file), await readFile(file));
  await put('page-settings.json', JSON.stringify(settingsOf(deployment)));
}

async function pageFiles(): Promise<string[]> {
  const entries = await readdir(builtPage, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && !/\.(br|gz)$/.test(entry.name));
  return files.map((entry) => join(entry.parentPath, entry.name));
}

function settingsOf({ url, userPoolId, clientId }: Deployment): PageSettings {
  const pool = { region: 'us-east-1', user_pool_id: userPoolId, client_id: clientId };
  return { sign_in: { way: 'cognito', ...pool }, base_url: url };
}
