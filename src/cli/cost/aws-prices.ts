/** A list price of AWS. */
export interface Price {
  /** As named on the bill. */
  readonly service: string;
  /** US dollars for `per` units. */
  readonly usd: number;
  readonly per: number;
  readonly unit: string;
  /** The AWS page that states the price. */
  readonly source: string;
}

const million = 1_000_000;

/** Region of these prices, and the date of the last check. They exclude the free tier, taxes and volume discounts. */
export const priceList = { region: 'us-east-1', checked: '2026-11-22' } as const;

const pages = {
  apiGateway: 'https://aws.amazon.com/api-gateway/pricing/',
  lambda: 'https://aws.amazon.com/lambda/pricing/',
  dynamoDb: 'https://aws.amazon.com/dynamodb/pricing/on-demand/',
  sqs: 'https://aws.amazon.com/sqs/pricing/',
  s3: 'https://aws.amazon.com/s3/pricing/',
  cloudWatch: 'https://aws.amazon.com/cloudwatch/pricing/',
  kms: 'https://aws.amazon.com/kms/pricing/',
  secretsManager: 'https://aws.amazon.com/secrets-manager/pricing/',
} as const;

/** Every price on the bill. No other file states prices. */
export const awsPrices = {
  apiRequests: {
    service: 'API Gateway',
    usd: 3.5,
    per: million,
    unit: 'requests to a REST API',
    source: pages.apiGateway,
  },
  socketMessages: {
    service: 'API Gateway',
    usd: 1,
    per: million,
    unit: 'messages of a WebSocket API, of up to 32 kB, in both directions',
    source: pages.apiGateway,
  },
  socketMinutes: {
    service: 'API Gateway',
    usd: 0.25,
    per: million,
    unit: 'minutes of connections to a WebSocket API',
    source: pages.apiGateway,
  },
  functionCalls: { service: 'Lambda', usd: 0.2, per: million, unit: 'calls', source: pages.lambda },
  functionGbSeconds: {
    service: 'Lambda',
    usd: 0.0000133334,
    per: 1,
    unit: 'GB-seconds on arm64',
    source: pages.lambda,
  },
  pollerHours: {
    service: 'Lambda',
    usd: 0.185,
    per: 1,
    unit: 'hours of an event poller for Kafka',
    source: pages.lambda,
  },
  writeUnits: {
    service: 'DynamoDB',
    usd: 0.625,
    per: million,
    unit: 'write request units',
    source: pages.dynamoDb,
  },
  readUnits: {
    service: 'DynamoDB',
    usd: 0.125,
    per: million,
    unit: 'read request units',
    source: pages.dynamoDb,
  },
  tableGbMonths: {
    service: 'DynamoDB',
    usd: 0.25,
    per: 1,
    unit: 'GB-months in the table',
    source: pages.dynamoDb,
  },
  backupGbMonths: {
    service: 'DynamoDB',
    usd: 0.2,
    per: 1,
    unit: 'GB-months of point-in-time recovery',
    source: pages.dynamoDb,
  },
  queueRequests: {
    service: 'SQS',
    usd: 0.4,
    per: million,
    unit: 'requests to standard queues',
    source: pages.sqs,
  },
  fifoRequests: {
    service: 'SQS',
    usd: 0.5,
    per: million,
    unit: 'requests to FIFO queues',
    source: pages.sqs,
  },
  objectWrites: { service: 'S3', usd: 0.005, per: 1_000, unit: 'PUT requests', source: pages.s3 },
  objectReads: { service: 'S3', usd: 0.0004, per: 1_000, unit: 'GET requests', source: pages.s3 },
  objectGbMonths: { service: 'S3', usd: 0.023, per: 1, unit: 'GB-months', source: pages.s3 },
  logGb: { service: 'CloudWatch', usd: 0.5, per: 1, unit: 'GB of logs ingested', source: pages.cloudWatch },
  metrics: {
    service: 'CloudWatch',
    usd: 0.3,
    per: 1,
    unit: 'custom metrics a month',
    source: pages.cloudWatch,
  },
  /** An alarm on an expression counts once for each metric in it. */
  alarmMetrics: {
    service: 'CloudWatch',
    usd: 0.1,
    per: 1,
    unit: 'metrics that alarms watch, a month',
    source: pages.cloudWatch,
  },
  keys: { service: 'KMS', usd: 1, per: 1, unit: 'keys a month', source: pages.kms },
  keyRequests: { service: 'KMS', usd: 0.03, per: 10_000, unit: 'requests', source: pages.kms },
  secrets: {
    service: 'Secrets Manager',
    usd: 0.4,
    per: 1,
    unit: 'secrets a month',
    source: pages.secretsManager,
  },
} as const satisfies Readonly<Record<string, Price>>;

/** Something that AWS bills. */
export type Billed = keyof typeof awsPrices;
/** The amount of each billed item. */
export type Usage = Readonly<Partial<Record<Billed, number>>>;
