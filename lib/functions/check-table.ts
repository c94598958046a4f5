import { CustomResource } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { tableIndexes } from '../../src/engines/aws/store/keys.ts';
import { limits } from '../limits.ts';
import type { Store } from '../store/store.ts';
import { type FunctionSpec, memoryMb } from './function-spec.ts';
import type { NodeFunction } from './node-function.ts';

/** @param tableStreamArn of the adopted table */
export function checkTable({ table }: Store, tableStreamArn: string): FunctionSpec {
  return {
    entry: 'check-table',
    description: 'Checks at a deployment that it can use the table that it adopts.',
    timeoutSeconds: limits.checkSeconds,
    memoryMb: memoryMb.short,
    environment: { TABLE_STREAM_ARN: tableStreamArn },
    permissions: [{ actions: ['dynamodb:DescribeTable'], resources: [table.tableArn] }],
  };
}

/** The check itself. It runs again when another table is adopted, or when a version needs other indexes. */
export function tableCheck(scope: Construct, checker: NodeFunction, tableStreamArn: string): CustomResource {
  const check = new CustomResource(scope, 'TableCheck', {
    serviceToken: checker.functionArn,
    properties: { TableStreamArn: tableStreamArn, Indexes: JSON.stringify(tableIndexes) },
  });
  // The checker must be able to write its log before the first call.
  check.node.addDependency(checker);
  return check;
}
