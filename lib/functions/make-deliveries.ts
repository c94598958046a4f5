import { permissionsFor } from '../connector-binding.ts';
import { limits } from '../limits.ts';
import { type FunctionSpec, type FunctionsProps, memoryMb } from './function-spec.ts';
import { onPayloads, onTable, readSecrets, sendTo } from './permissions.ts';

export function outbound({ store, deliveries }: FunctionsProps): FunctionSpec {
  return {
    entry: 'outbound',
    description: 'Plans the deliveries of ended runs.',
    timeoutSeconds: limits.planSeconds,
    memoryMb: memoryMb.short,
    permissions: [
      onTable(store, 'GetItem', 'BatchGetItem', 'PutItem', 'UpdateItem', 'Query'),
      // Filters of outbound connectors read the payload and the output.
      onPayloads(store, 'GetObject'),
      sendTo(deliveries.queue),
    ],
  };
}

export function deliver({ store, deliveries, bindings }: FunctionsProps): FunctionSpec {
  return {
    entry: 'deliver',
    description: 'Makes the attempts of deliveries.',
    timeoutSeconds: limits.deliverSeconds,
    // Ten runs of several MB each need this much.
    memoryMb: memoryMb.background,
    reachesOut: true,
    permissions: [
      onTable(store, 'GetItem', 'BatchGetItem', 'PutItem', 'UpdateItem', 'Query'),
      onPayloads(store, 'GetObject'),
      sendTo(deliveries.queue),
      readSecrets(store.sealingKey.secretArn),
      ...permissionsFor(bindings, 'send'),
    ],
  };
}
