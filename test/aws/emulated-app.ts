import { App, Aspects, Fn, type IAspect, Stack } from 'aws-cdk-lib';
import { CfnRestApi } from 'aws-cdk-lib/aws-apigateway';
import { CfnApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { CfnAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import type { IConstruct } from 'constructs';
import * as z from 'zod';
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

/** The exception `socket-addresses`: where the emulator serves a WebSocket API, without TLS and below a path. */
class EmulatedSockets implements IAspect {
  readonly #endpoint: string;
  readonly #watchedBy: string;

  /**
   * @param endpoint where clients connect
   * @param watchedBy where functions call
   */
  constructor(endpoint: string, watchedBy: string) {
    this.#endpoint = endpoint.replace('http', 'ws');
    this.#watchedBy = watchedBy;
  }

  visit(node: IConstruct): void {
    if (!(node instanceof CfnFunction)) return;
    const stack = Stack.of(node);
    const apiId = stack.node.findAll().find((child) => child instanceof CfnApi)?.ref ?? '';
    const { variables } = environment.parse(stack.resolve(node.environment));
    for (const [name, base] of Object.entries({
      SOCKET_URL: this.#endpoint,
      SOCKET_CALLBACK_URL: this.#watchedBy,
    })) {
      if (variables[name] === undefined) continue;
      const address = Fn.sub(`${base}/_aws/execute-api/${'$'}{apiId}/prod`, { apiId });
      node.addPropertyOverride(`Environment.Variables.${name}`, address);
    }
  }
}

const environment = z.object({ variables: z.record(z.string(), z.unknown()) });

const app = new App();
const { stackName, settings } = appSettings(app);
const stack = new AgentConnectorsStack(app, stackName, { settings });
for (const aspect of [
  new BufferedRoutes(),
  new KnownAddress(String(app.node.getContext('emulated:apiId'))),
  new EmulatedOrigins(String(app.node.getContext('emulated:endpoint'))),
  new PlainTransport(),
  new PlainAlarms(),
  new EmulatedSockets(
    String(app.node.getContext('emulated:endpoint')),
    String(app.node.getContext('emulated:watchedBy')),
  ),
  new NamedCallers(),
]) {
  Aspects.of(stack).add(aspect);
}
