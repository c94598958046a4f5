import type { Connector } from '../core/connectors/connector.ts';
import type { Backlog } from '../core/connectors/listening.ts';
import type { SourceState } from '../core/ports/connector-sources.ts';
import type { Engine } from '../core/ports/engine.ts';
import { shareAnswers } from './share-answer.ts';

/** How long a request for a connector's state waits for its backlog, in ms. */
const backlogMs = 3_000;

/** Reads the state of a connector's source; `null` if the connector needs none. */
export type ReadSource = (connector: Connector) => Promise<SourceState | null>;

/**
 * Reads the state and the backlog of sources, however their events arrive. Concurrent readers share one request for a
 * backlog, and reuse its answer while it is fresh. Failing sources are not asked.
 */
export function sourceReader(engine: Engine): ReadSource {
  const share = shareAnswers<Backlog | null>(engine.clock);
  return async (connector) => {
    const state = await engine.sources.state(connector.id);
    if (state === null || state.backlog !== null || state.status === 'failing') return state;
    const question = `${connector.id} ${connector.updatedAt}`;
    return { ...state, backlog: await share(question, () => backlogOf(engine, connector)) };
  };
}

/** The backlog of a connector's source; `null` if its type cannot tell, or the source does not respond. */
async function backlogOf(engine: Engine, connector: Connector): Promise<Backlog | null> {
  const ask = engine.types.get(connector.type)?.modes[connector.mode]?.backlog;
  if (ask === undefined) return null;
  const { config } = await engine.secrets.get(connector.id);
  const { allowPrivateTargets } = engine.settings;
  const context = { secrets: config, allowPrivateTargets, signal: AbortSignal.timeout(backlogMs) };
  return ask(connector.config, context).catch(() => null);
}
