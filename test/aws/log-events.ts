import * as z from 'zod';

const groups = z.object({ logGroups: z.array(z.object({ logGroupName: z.string() })) });
const page = z.object({
  events: z.array(z.object({ message: z.string() })),
  nextToken: z.string().nullish(),
});

/**
 * What the log groups of the account of the environment have got, by their names.
 *
 * @param since Unix ms
 */
export async function logsSince(since: number): Promise<Record<string, string>> {
  const { logGroups } = groups.parse(await callLogs('DescribeLogGroups', {}));
  const found: Record<string, string> = {};
  for (const { logGroupName } of logGroups)
    found[`the log ${logGroupName}`] = await eventsOf(logGroupName, since);
  return found;
}

async function eventsOf(logGroupName: string, startTime: number): Promise<string> {
  const messages: string[] = [];
  for (let nextToken: string | null | undefined = ''; typeof nextToken === 'string'; ) {
    const more = nextToken === '' ? {} : { nextToken };
    const answer: z.infer<typeof page> = page.parse(
      await callLogs('FilterLogEvents', { logGroupName, startTime, ...more }),
    );
    messages.push(...answer.events.map(({ message }) => message));
    nextToken = answer.nextToken;
  }
  return messages.join('\n');
}

/** One call of the API of CloudWatch Logs. */
async function callLogs(operation: string, input: unknown): Promise<unknown> {
  const response = await fetch(process.env['AWS_ENDPOINT_URL'] ?? '', {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': `Logs_20140328.${operation}`,
      authorization:
        'AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/logs/aws4_request, SignedHeaders=host, Signature=0',
    },
    body: JSON.stringify(input),
  });
  if (!response.ok) throw new Error(`${operation}: ${await response.text()}`);
  return response.json();
}
