import type { Command } from 'commander';
import { findConnector } from './find-connector.ts';
import { openContext } from './open-context.ts';
import { connectorFacts } from './render/connector-text.ts';

/** Enables or disables the connector that a command names, and shows it as it is then. */
export async function setEnabled(command: Command, reference: string, enabled: boolean): Promise<void> {
  const { api, output } = await openContext(command);
  const found = await findConnector(api, reference);
  const connector = await api.changeConnector(found.id, { enabled });
  output.answer(connector, (paint) => connectorFacts(connector, paint));
}
