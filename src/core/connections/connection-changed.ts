import type { Connector } from '../connectors/connector.ts';
import { RetryableError } from '../errors.ts';

/** Thrown where a new connector would get values of its connection that are no longer current. */
export function connectionChanged({ connection }: Connector): RetryableError {
  return new RetryableError(
    `The connection "${connection?.name}" was changed at the same moment. Try again.`,
  );
}
