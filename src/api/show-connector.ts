import type { Connector } from '../core/connectors/connector.ts';
import type { Hold } from '../core/control/hold.ts';
import { pausableConnector } from '../core/control/pause.ts';
import { readPause } from '../core/control/read-pause.ts';
import type { WireConnector } from './contract/connector.ts';
import type { ManagementContext } from './management-context.ts';
import { connectorToWire } from './wire/connector.ts';

/**
 * Shows a connector with its health and its pause.
 *
 * @param holds all holds, if they are known already
 */
export type ShowConnector = (connector: Connector, holds?: readonly Hold[]) => Promise<WireConnector>;

export function connectorShower({ engine, healthOf, baseUrl }: ManagementContext): ShowConnector {
  return async (connector, known) => {
    const [health, holds] = await Promise.all([healthOf(connector), known ?? engine.holds.list()]);
    const pause = await readPause(engine, holds, pausableConnector(connector));
    return connectorToWire(connector, health, pause, engine, baseUrl());
  };
}
