import type { IncomingMessage } from 'node:http';
import * as z from 'zod';

/** One call to AWS, as it went over the wire. */
export const awsCall = z.object({
  /** What the caller calls itself (`AWS_SDK_UA_APP_ID`, to which Powertools adds): a function's logical id; else null. */
  caller: z.string().nullable(),
  /** As the service signs it: `dynamodb`, `sqs`, `s3`, `secretsmanager`. */
  service: z.string(),
  /** `DynamoDB PutItem`; where the operation stands in no header, with the method and the path's first part. */
  name: z.string(),
  method: z.string(),
  /** With its query. */
  path: z.string(),
  /** The body where it is JSON, else null. */
  input: z.unknown(),
  /** Unix ms. */
  startedAt: z.number(),
  /** Unix ms; null while there is no answer. */
  endedAt: z.number().nullable(),
  /** Of the answer; null while there is none. */
  status: z.number().nullable(),
});
export type AwsCall = z.infer<typeof awsCall>;

/** What a request to AWS asks for, and who asks. */
export function readCall(request: IncomingMessage, body: Buffer): AwsCall {
  const { method = 'GET', url: path = '/', headers } = request;
  const service = /Credential=[^/]+\/\d+\/[^/]+\/([^/]+)\//.exec(headers.authorization ?? '')?.[1] ?? '';
  const target = headers['x-amz-target'];
  return {
    caller: /\bapp\/([A-Za-z0-9]+)/.exec(headers['user-agent'] ?? '')?.[1] ?? null,
    service,
    name: typeof target === 'string' ? operationOf(target) : `${service} ${method} ${firstPart(path)}`,
    method,
    path,
    input: typeof target === 'string' || service !== 's3' ? jsonOf(body) : null,
    startedAt: Date.now(),
    endedAt: null,
    status: null,
  };
}

/** `DynamoDB_20120810.PutItem` and `AmazonSQS.SendMessage` as `DynamoDB PutItem` and `SQS SendMessage`. */
function operationOf(target: string): string {
  const [service = '', operation = ''] = target.split('.');
  const name = service === 'secretsmanager' ? 'SecretsManager' : service.replace(/^Amazon|_\d+$/g, '');
  return `${name} ${operation}`;
}

function firstPart(path: string): string {
  return path.split(/[/?]/)[1] ?? '';
}

function jsonOf(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    return null;
  }
}
