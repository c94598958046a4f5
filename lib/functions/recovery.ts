import { variablesFor } from '../connector-binding.ts';
import { limits } from '../limits.ts';
import { type FunctionSpec, type FunctionsProps, memoryMb } from './function-spec.ts';
import type { SourceManager } from './manage-sources.ts';
import { onPayloads, onTable, sendTo } from './permissions.ts';

export function reconcile({ store, runs, deliveries }: FunctionsProps, sources: SourceManager): FunctionSpec {
  return {
    entry: 'reconcile',
    description: 'Puts right each minute what did not go on by itself.',
    timeoutSeconds: limits.reconcileSeconds,
    memoryMb: memoryMb.background,
    environment: sources.variables,
    permissions: [
      onTable(store, 'GetItem', 'BatchGetItem', 'PutItem', 'UpdateItem', 'DeleteItem', 'Query'),
      // It plans deliveries: filters of outbound connectors read the payload and the output.
      onPayloads(store, 'GetObject'),
      sendTo(runs.queue, deliveries.queue),
      ...sources.permissions,
    ],
  };
}

export function deadLetters({
  store,
  runs,
  deliveries,
  schedules,
  rules,
  sockets,
  bindings,
}: FunctionsProps): FunctionSpec {
  return {
    entry: 'dead-letters',
    description: 'Keeps events that failed after all retries as records that operators see.',
    timeoutSeconds: limits.deadLetterSeconds,
    memoryMb: memoryMb.background,
    environment: {
      RUN_DEAD_LETTERS_ARN: runs.deadLetters.queueArn,
      DELIVERY_DEAD_LETTERS_ARN: deliveries.deadLetters.queueArn,
      TICK_DEAD_LETTERS_ARN: schedules.ticks.deadLetters.queueArn,
      ...(rules === undefined ? {} : { EVENT_DEAD_LETTERS_ARN: rules.events.deadLetters.queueArn }),
      ...sockets?.keeperVariables,
      ...variablesFor(bindings, 'keep-dead-letters'),
    },
    // Query and BatchGetItem find those who subscribe to dead letters.
    permissions: [
      onTable(store, 'GetItem', 'BatchGetItem', 'PutItem', 'Query'),
      ...(sockets === undefined ? [] : [sockets.closerPermission]),
    ],
  };
}
