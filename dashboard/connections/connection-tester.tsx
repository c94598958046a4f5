import { useMutation } from '@tanstack/react-query';
import type { ConnectionTest } from '../../src/api/contract/connection.ts';
import { TestButton } from '../connectors/test-button.tsx';
import { TestOutcome } from '../connectors/test-outcome.tsx';
import type { Json } from '../forms/field.ts';
import { Notice } from '../parts/notice.tsx';

export interface ConnectionTesterProps {
  /** The tested fields; the outcome is shown until they change. */
  readonly of: Json;
  readonly isDisabled: boolean;
  readonly test: () => Promise<ConnectionTest>;
}

/** Tests credentials by themselves. */
export function ConnectionTester({ of: config, isDisabled, test }: ConnectionTesterProps) {
  const testing = useMutation({
    mutationFn: (_tested: Json) => test(),
    // The fields may contain typed secrets.
    gcTime: 0,
  });
  const isCurrent = testing.variables === config;
  return (
    <>
      <TestButton
        kind="connection"
        isPending={testing.isPending}
        isDisabled={isDisabled}
        onClick={() => testing.mutate(config)}
      />
      {isCurrent && testing.error !== null && <Notice tone="bad" title={testing.error.message} />}
      {isCurrent && testing.data !== undefined && (
        <TestOutcome
          test={{ ...testing.data, tested: 'connection', status_code: null, response_excerpt: null }}
        />
      )}
    </>
  );
}
