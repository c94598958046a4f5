/** What the URL of a queue says of it. */
export interface QueueAddress {
  /** `null` where the URL does not say: it is that of a compatible server. */
  readonly region: string | null;
  /** 12 digits. */
  readonly account: string;
  readonly name: string;
  /** Where a server that is not AWS is reached; `null` for AWS itself. */
  readonly origin: string | null;
}

/** Hosts of SQS, old ones and those of VPC endpoints included (AWS General Reference, "Amazon SQS endpoints and quotas"). */
const awsHosts = [
  /^sqs(?:-fips)?\.(?<region>[a-z0-9-]+)\.(?:amazonaws\.com(?:\.cn)?|api\.aws)$/,
  /^(?<region>[a-z0-9-]+)\.queue\.amazonaws\.com(?:\.cn)?$/,
  /^vpce-[a-z0-9-]+\.sqs\.(?<region>[a-z0-9-]+)\.vpce\.amazonaws\.com(?:\.cn)?$/,
];

/** Without a region in its name this host is the one of the oldest region. */
const oldestHost = { host: 'queue.amazonaws.com', region: 'us-east-1' };

/** Reads the URL of a queue: `https://sqs.eu-west-1.amazonaws.com/123456789012/orders`; `null` where it is none. */
export function readQueueUrl(text: string): QueueAddress | null {
  if (!URL.canParse(text)) return null;
  const { protocol, hostname, origin, pathname } = new URL(text);
  const [, account, name] = /\/(\d{12})\/([\w-]{1,80}(?:\.fifo)?)$/.exec(pathname) ?? [];
  if (!/^https?:$/.test(protocol) || account === undefined || name === undefined) return null;
  const region = regionOf(hostname);
  return { region, account, name, origin: region === null ? origin : null };
}

function regionOf(hostname: string): string | null {
  if (hostname === oldestHost.host) return oldestHost.region;
  for (const host of awsHosts) {
    const region = host.exec(hostname)?.groups?.['region'];
    if (region !== undefined) return region;
  }
  return null;
}

/** Partitions of AWS by how the names of their regions begin; all others are in `aws`. */
const partitions = [
  ['cn-', 'aws-cn'],
  ['us-gov-', 'aws-us-gov'],
] as const;

/** The ARN of a queue. @param region where the URL names none */
export function queueArn({ region: named, account, name }: QueueAddress, region?: string): string {
  const place = region ?? named ?? '';
  const [, partition] = partitions.find(([prefix]) => place.startsWith(prefix)) ?? ['', 'aws'];
  return `arn:${partition}:sqs:${place}:${account}:${name}`;
}

/** Whether messages of a queue have groups, and are handed out in order. */
export function isFifo(queueUrl: string): boolean {
  return queueUrl.endsWith('.fifo');
}
