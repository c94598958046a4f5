import type { OpenConnector } from '../../../core/ports/engine.ts';
import { connectorKey, secretsKey } from '../store/keys.ts';
import type { Table } from '../store/table.ts';
import type { SealedSecrets } from './secret-store.ts';
import { connectorOf } from './stored-connector.ts';

/** `Engine.openConnector`: the records of a connector and of its secrets lie together and come with one call. */
export async function openConnector(
  table: Table,
  secrets: SealedSecrets,
  connectorId: string,
): Promise<OpenConnector | null> {
  const { items } = await table.query({ partition: connectorKey(connectorId).pk });
  const found = (sk: string) => items.find((item) => item['sk'] === sk) ?? null;
  const connector = found(connectorKey(connectorId).sk);
  if (connector === null) return null;
  const opened = await secrets.open(connectorId, found(secretsKey(connectorId).sk));
  return { connector: connectorOf(connector), secrets: opened };
}
