import type { Connector } from '../core/connectors/connector.ts';
import type { Backlog } from '../core/connectors/listening.ts';
import type { SourceState } from '../core/ports/connector-sources.ts';
import type { Engine } from '../core/ports/engine.ts';
import { shareAnswers } from './share-answer.ts';

/** How long a request for a connector's state waits for its backlog, in ms. */
const backlogMs = 3_000;

/** Tells how the source of a connector's events is doing; `null` where it needs none. */
export type ReadSource = (connector: Connector) => Promise<SourceState | null>;

/**
 * Reads how sources are doing and what waits there, whatever the way in which their events come. A source is asked what
 * waits once for all who look at the same time, and no more often than the answer is worth; one that fails is not asked.
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

/** What waits at the source of a connector; `null` where its type cannot tell, or the source does not answer. */
async function backlogOf(engine: Engine, connector: Connector): Promise<Backlog | null> {
  const ask = engine.types.get(connector.type)?.modes[connector.mode]?.backlog;
  if (ask === undefined) return null;
  const { config } = await engine.secrets.get(connector.id);
  const { allowPrivateTargets } = engine.settings;
  const context = { secrets: config, allowPrivateTargets, signal: AbortSignal.timeout(backlogMs) };
  return ask(connector.config, context).catch(() => null);
}
