import { agentOfKey, connectorOfKey, type Hold, holdKeys } from '../control/hold.ts';
import { type Pausable, pausableAgent, pausableConnector, wholeDeployment } from '../control/pause.ts';
import { readPause } from '../control/read-pause.ts';
import type { Engine } from '../ports/engine.ts';
import type { AttentionItem } from './attention-item.ts';

/** What is paused: a pause that everybody has forgotten looks like a system without events. */
export async function pausedParts(engine: Engine): Promise<readonly AttentionItem[]> {
  const holds = await engine.holds.list();
  const paused = holds.filter(({ drainingSince }) => drainingSince === null);
  const items = await Promise.all(paused.map((hold) => itemOf(engine, holds, hold)));
  return items.filter((item) => item !== null);
}

async function itemOf(engine: Engine, holds: readonly Hold[], hold: Hold): Promise<AttentionItem | null> {
  const about = await subjectOf(engine, hold.key);
  if (about === null) return null;
  const { what, title } = about;
  const pause = await readPause(engine, holds, what);
  const count = pause?.count ?? 0;
  const many = pause?.more ? ' or more' : '';
  const waits = count === 0 ? 'Nothing waits yet.' : `${count}${many} ${count === 1 ? 'waits' : 'wait'}.`;
  const by = hold.by === null ? '' : ` by ${hold.by}`;
  return {
    kind: `${what.kind}-paused`,
    subject: what.kind === 'deployment' ? null : what.subject,
    title,
    reason: `Paused${by}. ${waits}`,
    since: hold.since,
    whatToDo: whatToDo(engine, what),
  };
}

function whatToDo({ agents }: Engine, { kind, subject }: Pausable): string {
  return kind === 'agent' && agents.get(subject) === null
    ? 'The project no longer has this agent. Bring it back, or resume it: its runs then fail.'
    : 'Resume it when its runs and deliveries may start again.';
}

/** `null` if the hold is no pause, or the second one of a pause. */
async function subjectOf(
  engine: Engine,
  key: string,
): Promise<{ readonly what: Pausable; readonly title: string } | null> {
  if (key === holdKeys.deployment) return { what: wholeDeployment, title: 'The whole deployment' };
  const connectorId = connectorOfKey(key);
  if (connectorId !== null) {
    const connector = await engine.connectors.get(connectorId);
    return connector === null ? null : { what: pausableConnector(connector), title: connector.name };
  }
  const agentName = agentOfKey(key);
  return agentName === null ? null : { what: pausableAgent(agentName), title: agentName };
}
