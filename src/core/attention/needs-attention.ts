import { budgetsInNeed } from '../budgets/budgets-in-need.ts';
import type { Connector } from '../connectors/connector.ts';
import { connectorHealth, nothingSeen, sourceHealth } from '../connectors/connector-health.ts';
import { agentOfKey, connectorOfKey, type Hold, holdKeys } from '../control/hold.ts';
import { type Pausable, pausableAgent, pausableConnector, wholeDeployment } from '../control/pause.ts';
import { readPause } from '../control/read-pause.ts';
import { lastConditionError } from '../filters/note-condition-errors.ts';
import type { Engine } from '../ports/engine.ts';
import type { AttentionItem } from './attention-item.ts';

/** The largest page that stores return. */
const pageSize = 100;

/**
 * Everything that needs attention, worst first: the one source for the start screen, the command line, and the
 * dashboard. A source that cannot be asked now counts as unknown.
 *
 * @throws RetryableError when the store is unavailable
 */
export async function needsAttention(engine: Engine): Promise<readonly AttentionItem[]> {
  const [paused, budgets, connectors, letters] = await Promise.all([
    pausedParts(engine),
    budgetsInNeed(engine),
    troubledConnectors(engine),
    deadLetters(engine),
  ]);
  return [
    ...paused,
    ...budgets,
    ...connectors,
    ...letters,
    ...projectProblems(engine),
    ...missingKeys(engine),
  ];
}

async function troubledConnectors(engine: Engine): Promise<AttentionItem[]> {
  const items: AttentionItem[] = [];
  let cursor: string | null = null;
  do {
    const page = await engine.connectors.list({ limit: pageSize, cursor });
    const judged = await Promise.all(page.items.map((connector) => troubleOf(engine, connector)));
    items.push(...judged.filter((item) => item !== null));
    cursor = page.nextCursor;
  } while (cursor !== null);
  return items;
}

async function troubleOf(engine: Engine, connector: Connector): Promise<AttentionItem | null> {
  const source = await sourceHealth(engine, connector);
  const { status, since, reason } = connectorHealth(connector, source, nothingSeen, engine.clock());
  const about = { subject: connector.id, title: connector.name, since };
  if (status === 'failing') {
    const whatToDo = connector.mode === 'outbound' ? checkReceiver : checkSource;
    return { kind: 'connector-failing', ...about, reason: reason ?? 'It does not work.', whatToDo };
  }
  if (connector.disabledReason === null) return conditionTrouble(engine, connector);
  return { kind: 'connector-disabled', ...about, reason: connector.disabledReason, whatToDo: enableIt };
}

async function conditionTrouble(engine: Engine, connector: Connector): Promise<AttentionItem | null> {
  const failed = await lastConditionError(engine, connector);
  if (failed === null) return null;
  const { id: subject, name: title } = connector;
  const whatToDo = 'Correct the condition: until then, the agent does not get such events.';
  return { kind: 'condition-failing', subject, title, reason: failed.detail, since: failed.at, whatToDo };
}

const checkReceiver =
  'Check the receiver. When it accepts a delivery again, pending ones follow. Redeliver those that have failed.';
const checkSource = 'Check the source and the settings of the connector. It keeps trying to connect.';
const enableIt = 'Find the cause, then enable the connector.';

async function deadLetters(engine: Engine): Promise<AttentionItem[]> {
  const { items, nextCursor } = await engine.deadLetters.list({ limit: pageSize, cursor: null });
  const oldest = items.at(-1);
  if (oldest === undefined) return [];
  const count = nextCursor === null ? String(items.length) : `${items.length} or more`;
  const reason = `${count} ${items.length === 1 ? 'event' : 'events'} failed after all retries.`;
  const whatToDo = 'Find the cause in the error of each dead letter, then retry it.';
  return [{ kind: 'dead-letters', subject: null, title: 'Dead letters', reason, since: oldest.at, whatToDo }];
}

function projectProblems({ agents }: Engine): AttentionItem[] {
  const [first, ...others] = agents.problems();
  if (first === undefined) return [];
  const place = `${first.file}${first.line === null ? '' : `:${first.line}`}`;
  const more = others.length === 0 ? '' : ` (and ${others.length} more)`;
  const reason = `${place}: ${first.message}${more}`;
  const whatToDo = 'Correct the files. Until then, the agents of the last successful load stay active.';
  return [{ kind: 'project-broken', subject: null, title: 'Agent project', reason, since: null, whatToDo }];
}

/** One item per key, even if several agents need it. */
function missingKeys({ agents }: Engine): AttentionItem[] {
  const byReason = Map.groupBy(
    agents.list().filter(({ missingKey }) => missingKey !== null),
    ({ missingKey }) => missingKey ?? '',
  );
  const whatToDo = 'Set it and restart. Until then, runs of the agent fail.';
  return [...byReason].map(([reason, needy]) => ({
    kind: 'model-key-missing',
    subject: needy[0]?.name ?? null,
    title: needy.map(({ name }) => name).join(', '),
    reason,
    since: null,
    whatToDo,
  }));
}

/** What is paused: a pause that everybody has forgotten looks like a system without events. */
async function pausedParts(engine: Engine): Promise<readonly AttentionItem[]> {
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
    ? 'The project no longer has this agent. Bring it back, or resume it: its runs then fail, ten minutes after they were queued at the earliest.'
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
