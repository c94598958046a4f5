import { type IAspect, Stack } from 'aws-cdk-lib';
import { CfnMethod } from 'aws-cdk-lib/aws-apigateway';
import type { IConstruct } from 'constructs';

const streamed = '/response-streaming-invocations';
const buffered = '/invocations';

/** The exception `response-streaming` (see `exceptions.ts`): the same routes and functions, answered whole. */
export class BufferedRoutes implements IAspect {
  visit(node: IConstruct): void {
    if (!(node instanceof CfnMethod)) return;
    const integration = JSON.stringify(Stack.of(node).resolve(node.integration));
    if (!integration.includes(streamed)) return;
    const { uri } = JSON.parse(integration.replace(streamed, buffered));
    node.addPropertyOverride('Integration.Uri', uri);
    node.addPropertyDeletionOverride('Integration.ResponseTransferMode');
  }
}
