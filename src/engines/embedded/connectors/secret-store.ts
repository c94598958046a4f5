import type { ConnectorSecrets } from '../../../core/connectors/connector-secrets.ts';
import { PermanentError } from '../../../core/errors.ts';
import { noSecrets, type SecretStore } from '../../../core/ports/secret-store.ts';
import { open, seal, untilReplaced } from '../../sealing.ts';
import { bytes } from '../store/connection.ts';
import type { Database } from '../store/database.ts';
import type { SealedSecrets } from '../writes/connector-change-writes.ts';

export interface EmbeddedSecretStore extends SecretStore {
  /** What `change` would write, for writes that change more than secrets. */
  prepare(connectorId: string, change: (stored: ConnectorSecrets) => ConnectorSecrets): SealedSecrets;
}

/** Keeps secrets sealed with `key`. Each is bound to its connector: a row copied to another connector does not open. */
export function createSecretStore(database: Database, key: Uint8Array): EmbeddedSecretStore {
  const select = database.statement('SELECT sealed FROM secrets WHERE connector_id = ?');
  const read = (connectorId: string): Uint8Array | null => {
    const row = select.get(connectorId);
    return row === undefined ? null : bytes(row, 'sealed');
  };
  const opened = (connectorId: string, sealed: Uint8Array | null): ConnectorSecrets => {
    if (sealed === null) return noSecrets;
    const plain = open(key, sealed, connectorId);
    if (plain === null) throw new PermanentError('secret-damaged', 'The stored secrets cannot be opened.');
    return JSON.parse(plain);
  };
  return {
    get: async (connectorId) => opened(connectorId, read(connectorId)),
    change: (connectorId, change) =>
      untilReplaced(async () => {
        const seen = read(connectorId);
        const stored = opened(connectorId, seen);
        const secrets = change(stored);
        if (secrets === null) return stored;
        const sealed = seal(key, JSON.stringify(secrets), connectorId);
        return (await database.write('replaceSecrets', connectorId, seen, sealed)) ? secrets : null;
      }),
    prepare(connectorId, change) {
      const seen = read(connectorId);
      const secrets = change(opened(connectorId, seen));
      return { seen, sealed: seal(key, JSON.stringify(secrets), connectorId) };
    },
    delete: (connectorId) => database.write('deleteSecrets', connectorId),
  };
}
