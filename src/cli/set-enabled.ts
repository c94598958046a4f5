import type { Command } from 'commander';
import type { ChangeConnectorBody } from '../api/contract/index.ts';
import { findConnector } from './find-connector.ts';
import { openContext } from './open-context.ts';
import { connectorFacts } from './render/connector-text.ts';
import { heldText } from './render/delivery-text.ts';

type Switch = Pick<ChangeConnectorBody, 'enabled' | 'held_deliveries'>;

/** Enables or disables the connector that a command names, and shows it as it is then, with what is held for it. */
export async function setEnabled(command: Command, reference: string, to: Switch): Promise<void> {
  const { api, output } = await openContext(command);
  const found = await findConnector(api, reference);
  const connector = await api.changeConnector(found.id, to);
  output.answer(connector, (paint) => {
    const held = connector.held_deliveries === null ? null : heldText(connector.held_deliveries, found.name);
    const shown = connectorFacts(connector, paint);
    return held === null ? shown : `${shown}\n\n${held}`;
  });
}
