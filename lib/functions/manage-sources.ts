import type { FunctionsProps } from './function-spec.ts';
import type { NodeFunction } from './node-function.ts';
import { type Permission, readSecrets } from './permissions.ts';

/** What functions know and may do that make the sources of connectors. */
export interface SourceManager {
  readonly variables: Readonly<Record<string, string>>;
  readonly permissions: readonly Permission[];
}

/** @param reader of Kafka's messages, where the deployment has one */
export function sourceManager(
  { schedules, store, topics }: FunctionsProps,
  reader: NodeFunction | undefined,
): SourceManager {
  if (topics === undefined || reader === undefined) return schedules;
  return {
    variables: { ...schedules.variables, ...topics.variables(reader) },
    permissions: [
      ...schedules.permissions,
      ...topics.managerPermissions(reader),
      // An event source gets its connector's password, which the sealing key opens.
      readSecrets(store.sealingKey.secretArn),
    ],
  };
}
