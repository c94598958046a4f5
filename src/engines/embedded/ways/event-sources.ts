import { setImmediate as nextTick } from 'node:timers/promises';
import { wayOf } from '../../../core/connectors/connector-config.ts';
import { eachConnector } from '../../../core/connectors/each-connector.ts';
import { registrationOf } from '../../../core/connectors/register-connector.ts';
import { messageOf } from '../../../core/errors.ts';
import { isPolled } from '../../../core/polls/poll-once.ts';
import type {
  ConnectorSources,
  SourceHealthState,
  SourceState,
} from '../../../core/ports/connector-sources.ts';
import type { Engine } from '../../../core/ports/engine.ts';
import type { Changes } from '../changes.ts';
import type { Database } from '../store/database.ts';
import { createListeners } from './listen/listeners.ts';
import { pollQueue } from './poll/poll-queue.ts';
import { createRegistrations } from './registration/registrations.ts';
import { scheduleRows, tickQueue } from './schedule/tick-queue.ts';

/** Connectors followed between two turns of the event loop: reading a configuration takes about 0.1 ms. */
const followedAtATime = 100;

export interface EventSources extends ConnectorSources {
  /** Starts every connector's events, and follows every change of a connector. */
  start(): void;
  /** Stops bringing events; resolves when all events brought so far are taken. */
  stop(): Promise<void>;
}

/** Event sources that need a schedule or a fetch: schedules, polled sources, and sources with a listener. */
export function createEventSources(database: Database, changes: Changes, engine: Engine): EventSources {
  const ticks = tickQueue(database, engine);
  const polls = pollQueue(database, engine);
  const onHealth = (connectorId: string) => {
    tellHealth(engine, changes, connectorId).catch((thrown: unknown) => {
      engine.log.warn('source.change-not-told', { connector_id: connectorId, reason: messageOf(thrown) });
    });
  };
  const listeners = createListeners(engine, onHealth);
  const registrations = createRegistrations(engine, onHealth);
  const rows = scheduleRows(database);
  let unwatch = () => {};
  let stopping = false;
  let starting: Promise<void> = Promise.resolve();

  const follow = (connectorId: string) => {
    ticks.follow(connectorId);
    polls.follow(connectorId);
    listeners.follow(connectorId);
    registrations.follow(connectorId);
  };

  const followAll = async () => {
    // Includes schedules and polls of connectors that a crash has left behind.
    for (const connectorId of rows.connectorIds()) ticks.follow(connectorId);
    for (const connectorId of polls.connectorIds()) polls.follow(connectorId);
    let followed = 0;
    for await (const { id } of eachConnector(engine.connectors, 'inbound')) {
      if (stopping) return;
      follow(id);
      if (++followed % followedAtATime === 0) await nextTick();
    }
    ticks.queue.start();
    polls.start();
  };

  /** @param listened what is known of a connector with a listener */
  const ofSource = async <State extends SourceHealthState>(
    connectorId: string,
    listened: () => Promise<State | null> | State | null,
  ) => {
    const connector = await engine.connectors.get(connectorId);
    if (connector === null) return null;
    if (registrationOf(engine.types, connector) !== undefined) {
      return { ...newSource, ...registrations.health(connectorId) };
    }
    if (wayOf(engine.types, connector, 'schedule') !== undefined) {
      return stateOfSchedule(ticks.nextTickAt(connectorId));
    }
    if (isPolled(engine, connector)) return polls.state(connector) ?? stopped;
    if (wayOf(engine.types, connector, 'listen') === undefined) return null;
    return (await listened()) ?? stopped;
  };

  return {
    start() {
      unwatch = changes.watchConnectors(follow);
      starting = followAll().catch((thrown: unknown) => {
        engine.log.error('sources.not-started', { reason: messageOf(thrown) });
      });
    },
    async stop() {
      stopping = true;
      unwatch();
      await starting;
      ticks.queue.stop();
      await Promise.all([ticks.queue.whenIdle(), polls.stop(), listeners.stop(), registrations.stop()]);
    },
    health: (connectorId) => ofSource(connectorId, () => listeners.health(connectorId)),
    state: (connectorId) => ofSource(connectorId, () => listeners.state(connectorId)),
  };
}

/** Publishes the connector, so that open views show its new health. */
async function tellHealth(engine: Engine, changes: Changes, connectorId: string): Promise<void> {
  const connector = await engine.connectors.get(connectorId);
  if (connector !== null) changes.publish(() => ({ type: 'connector.updated', connector }));
}

const newSource: SourceState = {
  status: 'starting',
  since: null,
  lastError: null,
  nextEventAt: null,
  backlog: null,
};

const stopped: SourceState = { ...newSource, status: 'stopped' };

function stateOfSchedule(nextTickAt: number | null): SourceState {
  return nextTickAt === null ? stopped : { ...stopped, status: 'running', nextEventAt: nextTickAt };
}
