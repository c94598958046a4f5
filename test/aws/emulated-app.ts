import { App, Aspects, CfnResource, type IAspect, Stack } from 'aws-cdk-lib';
import { CfnMethod } from 'aws-cdk-lib/aws-apigateway';
import type { IConstruct } from 'constructs';
import { appSettings } from '../../lib/app-settings.ts';
import { AgentConnectorsStack } from '../../lib/stack.ts';
import { EmulatedOrigins, PlainTransport } from './emulated-origins.ts';

/** The exception `response-streaming` (see `exceptions.ts`): the same routes and functions, answered whole. */
class BufferedRoutes implements IAspect {
  visit(node: IConstruct): void {
    if (!(node instanceof CfnMethod)) return;
    const integration = JSON.stringify(Stack.of(node).resolve(node.integration));
    if (!integration.includes(streamed)) return;
    const { uri } = JSON.parse(integration.replace(streamed, buffered));
    node.addPropertyOverride('Integration.Uri', uri);
    node.addPropertyDeletionOverride('Integration.ResponseTransferMode');
  }
}

const streamed = '/response-streaming-invocations';
const buffered = '/invocations';

/** The exception `bucket-uploads`: nothing is uploaded; `upload-page.ts` does it. */
class NoUploads implements IAspect {
  visit(node: IConstruct): void {
    if (!(node instanceof CfnResource) || node.cfnResourceType !== 'Custom::CDKBucketDeployment') return;
    node.addOverride('Type', 'AWS::CloudFormation::WaitConditionHandle');
    node.addOverride('Properties', undefined);
  }
}

const app = new App();
const { stackName, settings } = appSettings(app);
const stack = new AgentConnectorsStack(app, stackName, { settings });
const { AWS_ENDPOINT_URL: endpoint = 'http://localhost:4566' } = process.env;
const exceptions = [
  new BufferedRoutes(),
  new EmulatedOrigins(endpoint),
  new PlainTransport(),
  new NoUploads(),
];
for (const exception of exceptions) Aspects.of(stack).add(exception);
