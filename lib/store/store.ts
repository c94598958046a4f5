import { Duration, Fn, RemovalPolicy } from 'aws-cdk-lib';
import {
  AttributeType,
  BillingMode,
  type ITable,
  ProjectionType,
  StreamViewType,
  Table,
  TableEncryption,
} from 'aws-cdk-lib/aws-dynamodb';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { BlockPublicAccess, Bucket, BucketEncryption, type IBucket } from 'aws-cdk-lib/aws-s3';
import { type ISecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { expiryAttribute, tableIndexes, tableKey } from '../../src/engines/aws/store/keys.ts';
import { objectLifetimes } from '../../src/engines/aws/store/retention.ts';
import type { Wildcard } from '../nag-suppressions.ts';
import { encryptedWith } from './encryption-key.ts';

interface AdoptedStore {
  readonly tableStreamArn?: string | undefined;
  readonly payloadBucketName?: string | undefined;
  readonly sealingKeySecretArn?: string | undefined;
}

export interface StoreProps {
  /** Existing resources to use instead of new ones. The stack never changes or deletes them. */
  readonly adopted: AdoptedStore;
  readonly removalPolicy: RemovalPolicy;
  readonly retentionDays: number;
  readonly deletionProtection: boolean;
  /** Absent for keys managed by AWS. */
  readonly encryptionKey: IKey | undefined;
}

/**
 * All storage: one table for records, one bucket for payloads and outputs too large for a record, and the key that
 * seals connectors' secrets.
 */
export class Store extends Construct {
  readonly table: Table | ITable;
  readonly bucket: Bucket | IBucket;
  readonly sealingKey: Pick<ISecret, 'secretArn'>;

  constructor(scope: Construct, id: string, props: StoreProps) {
    super(scope, id);
    const { tableStreamArn, payloadBucketName, sealingKeySecretArn } = props.adopted;
    this.table = tableStreamArn === undefined ? makeTable(this, props) : tableOf(this, tableStreamArn);
    this.bucket =
      payloadBucketName === undefined
        ? makeBucket(this, props)
        : Bucket.fromBucketName(this, 'AdoptedPayloads', payloadBucketName);
    this.sealingKey =
      sealingKeySecretArn === undefined ? makeSealingKey(this, props) : { secretArn: sealingKeySecretArn };
  }

  /** Resources that functions access by a wildcard. */
  get wildcards(): readonly Wildcard[] {
    return [
      { arn: `${this.table.tableArn}/index/*`, reason: 'Every index of this one table.' },
      { arn: this.bucket.arnForObjects('*'), reason: 'The objects of this one bucket.' },
    ];
  }
}

/** The table of a stream. The stream's ARN is the table's, followed by `/stream/` and a time. */
function tableOf(scope: Construct, tableStreamArn: string): ITable {
  const tableArn = Fn.select(0, Fn.split('/stream/', tableStreamArn, 2));
  return Table.fromTableAttributes(scope, 'AdoptedTable', { tableArn, tableStreamArn });
}

function makeSealingKey(scope: Construct, { removalPolicy, encryptionKey }: StoreProps): Secret {
  return new Secret(scope, 'SealingKey', {
    description: 'Agent Connectors: seals the secrets of all connectors. Without it they cannot be read.',
    generateSecretString: {
      secretStringTemplate: '{}',
      generateStringKey: 'key',
      passwordLength: 64,
      excludePunctuation: true,
    },
    removalPolicy,
    ...encryptedWith(encryptionKey),
  });
}

function makeTable(
  scope: Construct,
  { removalPolicy, deletionProtection, encryptionKey }: StoreProps,
): Table {
  const table = new Table(scope, 'Table', {
    partitionKey: { name: tableKey.partition, type: AttributeType.STRING },
    sortKey: { name: tableKey.sort, type: AttributeType.STRING },
    billingMode: BillingMode.PAY_PER_REQUEST,
    encryption: encryptionKey === undefined ? TableEncryption.AWS_MANAGED : TableEncryption.CUSTOMER_MANAGED,
    ...encryptedWith(encryptionKey),
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    timeToLiveAttribute: expiryAttribute,
    stream: StreamViewType.NEW_IMAGE,
    removalPolicy,
    deletionProtection,
  });
  for (const { name, partition, sort, includes } of Object.values(tableIndexes)) {
    table.addGlobalSecondaryIndex({
      indexName: name,
      partitionKey: { name: partition, type: AttributeType.STRING },
      sortKey: { name: sort, type: AttributeType.STRING },
      projectionType: ProjectionType.INCLUDE,
      nonKeyAttributes: [...includes],
    });
  }
  return table;
}

function makeBucket(scope: Construct, { removalPolicy, retentionDays, encryptionKey }: StoreProps): Bucket {
  return new Bucket(scope, 'Payloads', {
    encryption: encryptionKey === undefined ? BucketEncryption.S3_MANAGED : BucketEncryption.KMS,
    ...encryptedWith(encryptionKey),
    // One call to KMS for many objects.
    bucketKeyEnabled: encryptionKey !== undefined,
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    enforceSSL: true,
    removalPolicy,
    autoDeleteObjects: removalPolicy === RemovalPolicy.DESTROY,
    lifecycleRules: [
      { abortIncompleteMultipartUploadAfter: Duration.days(1) },
      ...objectLifetimes(retentionDays).map(({ prefix, days }) => ({
        prefix,
        expiration: Duration.days(days),
      })),
    ],
  });
}
