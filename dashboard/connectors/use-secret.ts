import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { ConnectorSecret } from '../../src/api/contract/connector.ts';
import { fetchSecret, rotateSecret } from '../api/connectors.ts';
import { createdSecret, forgetCreatedSecret } from './created-secrets.ts';

export interface ShownSecret {
  /** `null` while it is hidden: then it is nowhere in the page. */
  readonly text: string | null;
  /** ISO time until which the one before the last rotation is valid too. */
  readonly previousValidUntil: string | null;
  readonly isPending: boolean;
  readonly error: Error | null;
  readonly show: () => void;
  readonly hide: () => void;
  readonly rotate: (graceSeconds: number) => void;
}

/** A connector's secret: kept only while it is shown, and forgotten when its details are closed. */
export function useSecret(id: string): ShownSecret {
  const queries = useQueryClient();
  const [shown, setShown] = useState<ConnectorSecret | null>(() => createdSecret(id));
  useEffect(() => {
    // Not while it renders: React may throw a rendering away and begin another one.
    forgetCreatedSecret(id);
    return () => setShown(null);
  }, [id]);
  const ask = useMutation({
    mutationFn: (question: () => Promise<ConnectorSecret>) => question().then(setShown),
    // Both questions are recorded.
    onSuccess: () => queries.invalidateQueries({ queryKey: ['audit-log'] }),
  });
  return {
    text: shown?.secret ?? null,
    previousValidUntil: shown?.previous_valid_until ?? null,
    isPending: ask.isPending,
    error: ask.error,
    show: () => ask.mutate(() => fetchSecret(id)),
    hide: () => setShown(null),
    rotate: (graceSeconds) => ask.mutate(() => rotateSecret(id, graceSeconds)),
  };
}
