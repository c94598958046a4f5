/** Facts in a queue's URL. */
export interface QueueAddress {
  /** `null` for a compatible server, whose URL names no region. */
  readonly region: string | null;
  /** 12 digits. */
  readonly account: string;
  readonly name: string;
  /** Origin of a compatible server; `null` for AWS itself. */
  readonly origin: string | null;
}

/** SQS hosts, including legacy hosts and VPC endpoints (AWS General Reference, "Amazon SQS endpoints and quotas"). */
const awsHosts = [
  /^sqs(?:-fips)?\.(?<region>[a-z0-9-]+)\.(?:amazonaws\.com(?:\.cn)?|api\.aws)$/,
  /^(?<region>[a-z0-9-]+)\.queue\.amazonaws\.com(?:\.cn)?$/,
  /^vpce-[a-z0-9-]+\.sqs\.(?<region>[a-z0-9-]+)\.vpce\.amazonaws\.com(?:\.cn)?$/,
];

/** The legacy host without a region in its name belongs to the oldest region. */
const oldestHost = { host: 'queue.amazonaws.com', region: 'us-east-1' };

/** Reads a queue URL such as `https://sqs.eu-west-1.amazonaws.com/123456789012/orders`; `null` if it is not one. */
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

/** AWS partitions by the prefix of their region names; other regions are in `aws`. */
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

/** Whether a queue delivers messages in order, in groups. */
export function isFifo(queueUrl: string): boolean {
  return queueUrl.endsWith('.fifo');
}
