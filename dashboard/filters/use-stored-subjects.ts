import { useMemo } from 'react';
import type { WireConnector } from '../../src/api/contract/connector.ts';
import { useRecentRuns } from '../api/runs.ts';
import { useRecentTriggers } from '../api/triggers.ts';

/** A stored event, or the result of a run. */
export interface StoredSubject {
  readonly id: string;
  readonly at: string;
  /** What became of it. */
  readonly outcome: string;
}

const asked = 50;

/** A connector, or one that is not created yet. */
export interface SubjectsOf {
  /** `null` before it is created: nothing has come yet. */
  readonly id: string | null;
  readonly mode: WireConnector['mode'];
  readonly agents: readonly string[];
}

const none: readonly StoredSubject[] = [];

/** What the conditions of a connector can be tried on, newest first; `undefined` while it loads. */
export function useStoredSubjects({ id, mode, agents }: SubjectsOf): readonly StoredSubject[] | undefined {
  const isOutbound = mode === 'outbound';
  const triggers = useRecentTriggers(id ?? '', asked, !isOutbound && id !== null);
  const runs = useRecentRuns({ status: 'completed,failed' }, asked, isOutbound);
  const names = agents.join('\n');
  return useMemo(() => {
    if (!isOutbound && id === null) return none;
    if (!isOutbound) {
      // Bodies of refused requests are not stored.
      return triggers.data
        ?.filter(({ outcome }) => outcome !== 'refused')
        .map(({ trigger_id, received_at: at, outcome }) => ({ id: trigger_id, at, outcome }));
    }
    return runs.data
      ?.filter((run) => names.split('\n').includes(run.agent_name))
      .map((run) => ({
        id: run.run_id,
        at: run.ended_at ?? run.queued_at,
        outcome: `${run.agent_name}, ${run.status}`,
      }));
  }, [isOutbound, id, triggers.data, runs.data, names]);
}
