import { ArnFormat, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { ConnectorBinding } from '../connector-binding.ts';

/** The event buses that a deployment knows. */
export interface Buses {
  readonly eventBuses: readonly string[];
}

/** EventBridge in the stack: sending to the buses that the settings name. Rules are a way in that types share. */
export function bind(system: Construct, { eventBuses: buses }: Buses): ConnectorBinding {
  if (buses.length === 0) return {};
  const arnOf = (resourceName: string) =>
    Stack.of(system).formatArn({
      service: 'events',
      resource: 'event-bus',
      resourceName,
      arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
    });
  return { permissions: { send: [{ actions: ['events:PutEvents'], resources: buses.map(arnOf) }] } };
}
