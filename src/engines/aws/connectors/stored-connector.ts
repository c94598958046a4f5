import * as z from 'zod';
import { type Connector, modes } from '../../../core/connectors/connector.ts';
import { heldDecisions } from '../../../core/deliveries/delivery.ts';
import { jsonObject } from '../../../core/json/json-value.ts';
import { jsonText } from '../store/json-text.ts';
import { connectorKey, type ItemKey, listedAt, listKey } from '../store/keys.ts';
import type { Item } from '../store/table.ts';

const storedConnector = z.object({
  id: z.string(),
  name: z.string(),
  type: z.string(),
  mode: z.enum(modes),
  config: jsonText.pipe(jsonObject),
  secretFields: z.array(z.string()),
  agents: z.array(z.string()),
  enabled: z.boolean(),
  disabledReason: z.string().nullable(),
  /** Absent in connectors of earlier versions. */
  disabledPeriods: z
    .array(
      z.object({
        from: z.number(),
        until: z.number().nullable(),
        reason: z.string(),
        decision: z.enum(heldDecisions),
      }),
    )
    .default([]),
  secretHashes: z.array(z.object({ sha256: z.string(), expiresAt: z.number().nullable() })),
  failingSince: z.number().nullable(),
  failureTally: z.object({ failedMs: z.number(), countedAt: z.number() }).nullable().default(null),
  version: z.number(),
  createdAt: z.number(),
  updatedAt: z.number(),
});

/** A connector with its links is one item: the hot path reads no other. */
export function connectorItem(connector: Connector): Item & ItemKey {
  const { id, createdAt, config } = connector;
  return {
    ...connectorKey(id),
    timeKey: listKey('CONNECTOR', id),
    listed: listedAt(createdAt, id),
    ...connector,
    config: JSON.stringify(config),
  };
}

export function connectorOf(item: Item): Connector {
  return storedConnector.parse(item);
}
