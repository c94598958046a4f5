import type { WireAgent } from '../../src/api/contract/agent.ts';
import type { WireConnector } from '../../src/api/contract/connector.ts';

/** A step that makes a new system useful. */
export interface FirstStep {
  readonly title: string;
  readonly text: string;
  readonly isDone: boolean;
  /** Where to do it; `null` if it cannot be done in the dashboard. */
  readonly next: NextStep | null;
}

interface NextStep {
  readonly text: string;
  readonly path: string;
  readonly isForOperators: boolean;
}

/**
 * The steps to a first success: run an agent, trigger it from outside, and deliver its results.
 *
 * @param runs the newest ones, if there are any
 */
export function firstSteps(
  runs: readonly unknown[],
  connectors: readonly WireConnector[],
  agents: readonly WireAgent[],
): FirstStep[] {
  const agent = agents.find(({ missing_key }) => missing_key === null)?.name ?? null;
  const receiving = connectors.find(({ mode }) => mode !== 'outbound');
  const sending = connectors.find(({ mode }) => mode === 'outbound');
  return [
    {
      title: 'Run an agent by hand',
      text: 'Open an agent and choose Run by hand. The run shows its input, its output, and every step.',
      isDone: runs.length > 0,
      next:
        agent === null ? null : { text: `Open ${agent}`, path: `/agents/${agent}`, isForOperators: false },
    },
    {
      title: 'Trigger it from outside',
      text: 'Create an inbound or sync connector, and send it an event.',
      isDone: connectors.some(({ health }) => health.last_event_at !== null),
      next: openOrCreate('inbound', receiving, agent),
    },
    {
      title: 'Get its results delivered',
      text: 'Create an outbound connector. It delivers the result of every run of its agents.',
      isDone: connectors.some(({ health }) => health.last_delivery_at !== null),
      next: openOrCreate('outbound', sending, agent),
    },
  ];
}

function openOrCreate(side: string, connector: WireConnector | undefined, agent: string | null): NextStep {
  if (connector !== undefined) {
    const path = `/connectors/${connector.id}?tab=test`;
    return { text: `Test ${connector.name}`, path, isForOperators: false };
  }
  const path = `/connectors/new?side=${side}${agent === null ? '' : `&agent=${agent}`}`;
  return { text: `Create ${side} connector`, path, isForOperators: true };
}
