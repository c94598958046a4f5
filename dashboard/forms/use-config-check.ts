import { useDebouncedValue } from '@mantine/hooks';
import type { NextRuns } from '../../src/api/contract/connector-source.ts';
import type { WireModeDescription } from '../../src/api/contract/connector-type.ts';
import { useCheck } from '../api/marketplace.ts';
import { type ConfigProblems, checkConfig } from './check-config.ts';
import type { Field, Json } from './field.ts';
import { serverProblems } from './server-problems.ts';

const typingPauseMs = 300;

export interface ConfigCheck {
  /** Problems found locally and immediately. */
  readonly typed: ConfigProblems;
  /** Problems that only the server can find in the current configuration. */
  readonly found: ConfigProblems;
  /** The next ticks, for types with a schedule. */
  readonly schedule: NextRuns | null;
}

/**
 * Checks a configuration as the user types: locally at every change, and by the server after a pause.
 *
 * @param connection name of the one that gives the other fields
 * @param isCheckable whether the server may be asked: it refuses viewers, and cannot check a configuration without its
 *   stored secrets
 */
export function useConfigCheck(
  type: string,
  mode: WireModeDescription['mode'],
  fields: readonly Field[],
  config: Json,
  connection: string | null,
  isCheckable = true,
): ConfigCheck {
  const typed = checkConfig(fields, config);
  const isComplete = isCheckable && Object.keys(typed).length === 0;
  const [settled] = useDebouncedValue(config, typingPauseMs);
  const check = useCheck(type, { mode, config: settled, connection }, isComplete && settled === config);
  const found = settled === config && isComplete ? serverProblems(check.error, fields) : {};
  return { typed, found, schedule: check.error === null ? (check.data?.schedule ?? null) : null };
}
