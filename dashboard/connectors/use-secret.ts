import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { ConnectorSecret } from '../../src/api/contract/connector.ts';
import { fetchSecret, rotateSecret } from '../api/connectors.ts';
import { createdSecret, forgetCreatedSecret, forgetOnceLeft } from './created-secrets.ts';

export interface ShownSecret {
  /** `null` while hidden: then the page does not contain it. */
  readonly text: string | null;
  /** ISO time until which the previous secret stays valid. */
  readonly previousValidUntil: string | null;
  readonly isPending: boolean;
  readonly error: Error | null;
  readonly show: () => void;
  readonly hide: () => void;
  readonly rotate: (graceSeconds: number) => void;
}

/** A connector's secret: kept only while shown, and forgotten when the details close. */
export function useSecret(id: string): ShownSecret {
  const queries = useQueryClient();
  const [shown, setShown] = useState<ConnectorSecret | null>(() => createdSecret(id));
  useEffect(() => () => forgetOnceLeft(id), [id]);
  const show = (secret: ConnectorSecret | null) => {
    forgetCreatedSecret(id);
    setShown(secret);
  };
  const ask = useMutation({
    mutationFn: (question: () => Promise<ConnectorSecret>) => question().then(show),
    // The audit log records both requests.
    onSuccess: () => queries.invalidateQueries({ queryKey: ['audit-log'] }),
  });
  return {
    text: shown?.secret ?? null,
    previousValidUntil: shown?.previous_valid_until ?? null,
    isPending: ask.isPending,
    error: ask.error,
    show: () => ask.mutate(() => fetchSecret(id)),
    hide: () => show(null),
    rotate: (graceSeconds) => ask.mutate(() => rotateSecret(id, graceSeconds)),
  };
}
