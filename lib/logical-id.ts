import { CfnElement, Stack } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** The logical id of a construct's resource in the template. */
export function logicalId(construct: IConstruct): string {
  const element = construct.node.defaultChild;
  return element instanceof CfnElement ? String(Stack.of(construct).resolve(element.logicalId)) : '';
}
