import * as z from 'zod';
import { type ConnectorNames, claimMs } from '../../../core/ports/connector-names.ts';
import { connectorKey, connectorNameKey } from '../store/keys.ts';
import type { Table } from '../store/table.ts';

const storedName = z.object({ connectorId: z.string(), claimedAt: z.number() });
type StoredName = z.infer<typeof storedName>;

/** A record holds each name. One whose connector is gone, or has another name, is taken over. */
export function connectorNames(table: Table): ConnectorNames {
  return {
    async claim(name, connectorId, now) {
      const item = await table.get(connectorNameKey(name));
      const holder = item === null ? null : storedName.parse(item);
      if (holder?.connectorId === connectorId) return 'claimed';
      if (holder !== null && (await isHeld(table, name, holder, now))) return 'taken';
      const record = { ...connectorNameKey(name), connectorId, claimedAt: now };
      return (await table.put(record, seenBefore(holder))) ? 'claimed' : 'taken';
    },
    async release(name, connectorId) {
      const item = await table.get(connectorNameKey(name));
      if (item?.['connectorId'] === connectorId) await table.delete(connectorNameKey(name));
    },
  };
}

async function isHeld(table: Table, name: string, holder: StoredName, now: number): Promise<boolean> {
  const connector = await table.get(connectorKey(holder.connectorId));
  return connector?.['name'] === name || now - holder.claimedAt < claimMs;
}

/** Of many claims, the first one changes what the others have seen. */
function seenBefore(holder: StoredName | null) {
  return holder === null
    ? { expression: 'attribute_not_exists(#pk)' }
    : { expression: '#connectorId = :seen', values: { ':seen': holder.connectorId } };
}
