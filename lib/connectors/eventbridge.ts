import { ArnFormat, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { ConnectorBinding } from '../connector-binding.ts';

/** The event buses that the settings name. */
export interface Buses {
  readonly eventBuses: readonly string[];
}

/**
 * EventBridge in the stack: sends to the buses that the settings name. The types that use rules share the code for
 * them.
 */
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
