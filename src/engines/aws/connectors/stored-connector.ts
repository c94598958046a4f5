import * as z from 'zod';
import { type Connector, linkNames, modes } from '../../../core/connectors/connector.ts';
import { heldDecisions } from '../../../core/deliveries/delivery.ts';
import { PermanentError } from '../../../core/errors.ts';
import { jsonObject } from '../../../core/json/json-value.ts';
import { maxAgentsPerTrigger } from '../runs/dispatch-runs.ts';
import type { Action } from '../store/expressions.ts';
import { agentPartition, connectorKey, type ItemKey, linkKey, listedAt, listKey } from '../store/keys.ts';
import { inOrder } from '../store/listing.ts';
import { jsonText } from '../store/payload-objects.ts';
import { allItems, type Item, type Table } from '../store/table.ts';

const storedConnector = z.object({
  id: z.string(),
  name: z.string(),
  type: z.string(),
  mode: z.enum(modes),
  config: jsonText.pipe(jsonObject),
  secretFields: z.array(z.string()),
  /** Absent in connectors of earlier versions. */
  connection: z
    .object({ id: z.string(), name: z.string(), version: z.number(), fields: z.array(z.string()) })
    .nullable()
    .default(null),
  agents: z.array(z.string()),
  conditions: z
    .object({ filter: z.string().nullable(), links: z.record(z.string(), z.string()) })
    .exactOptional(),
  byChoice: z
    .object({ by: z.enum(['tool', 'code']), description: z.string(), parameters: jsonText.pipe(jsonObject) })
    .exactOptional(),
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
  paused: z.object({ since: z.number(), by: z.string() }).nullable().default(null),
  secretHashes: z.array(z.object({ sha256: z.string(), expiresAt: z.number().nullable() })),
  failingSince: z.number().nullable(),
  failureTally: z
    .object({ failedMs: z.number(), countedAt: z.number(), reason: z.string().optional() })
    .nullable()
    .default(null),
  code: z.object({ key: z.string(), applied: jsonText.pipe(jsonObject) }).exactOptional(),
  version: z.number(),
  createdAt: z.number(),
  updatedAt: z.number(),
});

/** A connector and its links are one item, the only one that the hot path reads. */
export function connectorItem(connector: Connector): Item & ItemKey {
  const { byChoice, ...others } = connector;
  const { id, createdAt, config, code } = connector;
  return {
    ...connectorKey(id),
    timeKey: listKey('CONNECTOR', id),
    listed: listedAt(createdAt, id),
    ...others,
    config: JSON.stringify(config),
    ...(byChoice === undefined
      ? {}
      : { byChoice: { ...byChoice, parameters: JSON.stringify(byChoice.parameters) } }),
    ...(code === undefined ? {} : { code: { key: code.key, applied: JSON.stringify(code.applied) } }),
  };
}

export function connectorOf(item: Item): Connector {
  return storedConnector.parse(item);
}

/**
 * A link seen from the agent: the connector's id and its mode, which never changes. The connector's record has the
 * rest.
 */
const storedLink = z.object({ connectorId: z.string(), mode: z.enum(modes).optional() });

/**
 * The writes that update an agent's links to match a connector.
 *
 * @param before the connector as stored; `null` for a new one
 * @param after the connector as it will be; `null` if it is deleted
 * @throws PermanentError `too-many-links` if the connector would have too many, or too many change at once
 */
export function linkChanges(before: Connector | null, after: Connector | null): Action[] {
  const old = before === null ? [] : linkNames(before);
  const wanted = after === null ? [] : linkNames(after);
  if (wanted.length > maxAgentsPerTrigger) {
    throw tooManyLinks(after, `has ${wanted.length} links. It can have at most ${maxAgentsPerTrigger}.`);
  }
  const changes = [
    ...old.flatMap((name) =>
      before === null || wanted.includes(name) ? [] : [{ delete: linkKey(name, before) }],
    ),
    ...wanted.flatMap((name) =>
      after === null || old.includes(name)
        ? []
        : [{ put: { ...linkKey(name, after), connectorId: after.id, mode: after.mode } }],
    ),
  ];
  if (changes.length > maxLinkChanges) {
    const remedy = 'Remove some agents first, and add the others after that.';
    throw tooManyLinks(
      after,
      `changes ${changes.length} links. At most ${maxLinkChanges} can change at once. ${remedy}`,
    );
  }
  return changes;
}

/** A transaction has at most 100 writes; the others are the record, two connections and the mark of an event source. */
const maxLinkChanges = 96;

function tooManyLinks(connector: Connector | null, what: string): PermanentError {
  return new PermanentError('too-many-links', `The connector "${connector?.name}" ${what}`);
}

/** The connectors linked to an agent, or subscribed to an event, in order of creation. */
export async function linkedConnectors(table: Table, agentName: string): Promise<readonly Connector[]> {
  const ids: string[] = [];
  for await (const item of allItems(table, { partition: agentPartition(agentName) })) {
    ids.push(storedLink.parse(item).connectorId);
  }
  const found = await loadConnectors(table, ids);
  return found
    .filter((connector) => connector !== null)
    .filter((connector) => linkNames(connector).includes(agentName));
}

/** Whether an outbound connector links to the agent, enabled or not. */
export async function hasReceivers(table: Table, agentName: string): Promise<boolean> {
  // Links stored by earlier versions have no mode and may be outbound.
  const filter = {
    expression: 'attribute_not_exists(#mode) OR #mode = :outbound',
    values: { ':outbound': 'outbound' },
  };
  const links = { partition: agentPartition(agentName), filter };
  for await (const _link of allItems(table, links)) return true;
  return false;
}

/** Connectors by id, in the same order; `null` for those that do not exist. */
export async function loadConnectors(table: Table, ids: readonly string[]): Promise<(Connector | null)[]> {
  const items = await table.getMany(ids.map(connectorKey));
  return inOrder(ids, items.map(connectorOf), ({ id }) => id);
}
