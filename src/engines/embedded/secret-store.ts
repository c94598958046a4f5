import type { ConnectorSecrets } from '../../core/connector-secrets.ts';
import { PermanentError } from '../../core/errors.ts';
import { noSecrets, type SecretStore } from '../../core/ports/secret-store.ts';
import { open, seal } from '../sealing.ts';
import { bytes } from './columns.ts';
import type { Database } from './database.ts';

/**
 * Keeps secrets sealed with `key`, each bound to its connector, so that a row that is copied to another connector
 * opens for nobody.
 */
export function createSecretStore(database: Database, key: Uint8Array): SecretStore {
  const select = database.statement('SELECT sealed FROM secrets WHERE connector_id = ?');
  return {
    async get(connectorId): Promise<ConnectorSecrets> {
      const row = select.get(connectorId);
      if (row === undefined) return noSecrets;
      const plain = open(key, bytes(row, 'sealed'), connectorId);
      if (plain === null) throw new PermanentError('secret-damaged', 'The stored secrets cannot be opened.');
      return JSON.parse(plain);
    },
    async put(connectorId, secrets) {
      const sealed = seal(key, JSON.stringify(secrets), connectorId);
      await database.write('putSecrets', connectorId, sealed);
    },
    delete: (connectorId) => database.write('deleteSecrets', connectorId),
  };
}
