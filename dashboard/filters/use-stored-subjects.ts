import { useMemo } from 'react';
import { agentOf } from '../../src/api/contract/agent-of-link.ts';
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

/** What the conditions of a connector can be tried on, newest first; `undefined` while it loads. */
export function useStoredSubjects(connector: WireConnector): readonly StoredSubject[] | undefined {
  const isOutbound = connector.mode === 'outbound';
  const triggers = useRecentTriggers(connector.id, asked, !isOutbound);
  const runs = useRecentRuns({ status: 'completed,failed' }, asked, isOutbound);
  return useMemo(() => {
    if (!isOutbound) {
      // Bodies of refused requests are not stored.
      return triggers.data
        ?.filter(({ outcome }) => outcome !== 'refused')
        .map(({ trigger_id: id, received_at: at, outcome }) => ({ id, at, outcome }));
    }
    const agents = connector.agents.map(agentOf);
    return runs.data
      ?.filter((run) => agents.includes(run.agent_name))
      .map((run) => ({
        id: run.run_id,
        at: run.ended_at ?? run.queued_at,
        outcome: `${run.agent_name}, ${run.status}`,
      }));
  }, [isOutbound, triggers.data, runs.data, connector.agents]);
}
