import * as z from 'zod';
import { type ConnectorNames, claimMs } from '../../../core/ports/connector-names.ts';
import { connectorKey, connectorNameKey } from '../store/keys.ts';
import type { Table } from '../store/table.ts';

const storedName = z.object({ connectorId: z.string(), claimedAt: z.number() });
type StoredName = z.infer<typeof storedName>;

/** One record holds each name. A record is taken over if its connector is gone or has another name. */
export function connectorNames(table: Table): ConnectorNames {
  return {
    async claim(name, connectorId, now) {
      const holder = await holderOf(table, name);
      const isAnothers = holder !== null && holder.connectorId !== connectorId;
      if (isAnothers && (await isHeld(table, name, holder, now))) return 'taken';
      const record = { ...connectorNameKey(name), connectorId, claimedAt: now };
      if (await table.put(record, seenBefore(holder))) return 'claimed';
      return (await holderOf(table, name))?.connectorId === connectorId ? 'claimed' : 'taken';
    },
    async release(name, connectorId) {
      const item = await table.get(connectorNameKey(name));
      if (item?.['connectorId'] === connectorId) await table.delete(connectorNameKey(name));
    },
  };
}

async function holderOf(table: Table, name: string): Promise<StoredName | null> {
  const item = await table.get(connectorNameKey(name));
  return item === null ? null : storedName.parse(item);
}

async function isHeld(table: Table, name: string, holder: StoredName, now: number): Promise<boolean> {
  const connector = await table.get(connectorKey(holder.connectorId));
  return connector?.['name'] === name || now - holder.claimedAt < claimMs;
}

/** If several callers claim a name at the same time, the first write fails the condition of the others. */
function seenBefore(holder: StoredName | null) {
  return holder === null
    ? { expression: 'attribute_not_exists(#pk)' }
    : {
        expression: '#connectorId = :connectorId AND #claimedAt = :claimedAt',
        values: { ':connectorId': holder.connectorId, ':claimedAt': holder.claimedAt },
      };
}
