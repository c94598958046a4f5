import { App, Aspects, type IAspect, Stack } from 'aws-cdk-lib';
import { CfnRestApi } from 'aws-cdk-lib/aws-apigateway';
import { CfnAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import type { IConstruct } from 'constructs';
import { appSettings } from '../../lib/settings/app-settings.ts';
import { AgentConnectorsStack } from '../../lib/stack.ts';
import { BufferedRoutes } from './buffered-routes.ts';
import { EmulatedOrigins, PlainTransport } from './emulated-origins.ts';

/** The emulator gives an API the id of this tag, so that its address is known before it is deployed. */
class KnownAddress implements IAspect {
  readonly #apiId: string;

  constructor(apiId: string) {
    this.#apiId = apiId;
  }

  visit(node: IConstruct): void {
    if (!(node instanceof CfnRestApi)) return;
    node.addPropertyOverride('Tags', [{ Key: 'ms-custom-id', Value: this.#apiId }]);
  }
}

/** The exception `metric-math`: an alarm on an expression watches one of its metrics. */
class PlainAlarms implements IAspect {
  visit(node: IConstruct): void {
    if (!(node instanceof CfnAlarm) || node.metrics === undefined) return;
    node.addPropertyDeletionOverride('Metrics');
    const watched = {
      Namespace: 'AWS/DynamoDB',
      MetricName: 'WriteThrottleEvents',
      Statistic: 'Sum',
      Period: 300,
    };
    for (const [name, value] of Object.entries(watched)) node.addPropertyOverride(name, value);
  }
}

/** Functions say in their calls to AWS who they are: by the logical id in the template. */
class NamedCallers implements IAspect {
  visit(node: IConstruct): void {
    if (!(node instanceof CfnFunction)) return;
    node.addPropertyOverride(
      'Environment.Variables.AWS_SDK_UA_APP_ID',
      Stack.of(node).resolve(node.logicalId),
    );
  }
}

const app = new App();
const { stackName, settings } = appSettings(app);
const stack = new AgentConnectorsStack(app, stackName, { settings });
for (const aspect of [
  new BufferedRoutes(),
  new KnownAddress(String(app.node.getContext('emulated:apiId'))),
  new EmulatedOrigins(String(app.node.getContext('emulated:endpoint'))),
  new PlainTransport(),
  new PlainAlarms(),
  new NamedCallers(),
]) {
  Aspects.of(stack).add(aspect);
}
