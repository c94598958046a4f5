import * as z from 'zod';
import { jsonObject, Payload, textAtPath } from '../../../core/json/json-value.ts';
import { arrival } from '../../../core/triggers/arrival.ts';
import type { StoredTrigger, Trigger, TriggerRecord } from '../../../core/triggers/trigger.ts';
import { type ItemKey, listedAt, listKey, triggerKey } from '../store/keys.ts';
import { jsonText, type PayloadObjects, type StoredBody, storedBody } from '../store/payload-objects.ts';
import type { Item, Table } from '../store/table.ts';

/** The content that every run of a trigger starts with. */
export type TriggerContent = Pick<
  Trigger,
  'payload' | 'context' | 'modelInput' | 'warnings' | 'origin' | 'arrival'
>;

const storedTrigger = storedBody.extend({
  connectorId: z.string().nullable(),
  receivedAt: z.number(),
  runIds: z.array(z.string()),
  expiresAt: z.number(),
  filtered: z.object({ reason: z.string(), agents: z.array(z.string()) }).optional(),
  sentAt: z.number().nullable().default(null),
});

/** The fields of a trigger's record that lists show. */
export const listedTrigger = storedTrigger
  .pick({ connectorId: true, receivedAt: true, runIds: true, filtered: true, sentAt: true })
  .extend({ triggerId: z.string() });

/** What a trigger's own record says about it. */
export function triggerRecordOf(item: Item): TriggerRecord {
  const { filtered, sentAt, ...others } = listedTrigger.parse(item);
  return filtered === undefined ? others : { ...others, filtered: { ...filtered, sentAt } };
}

/** Everything except the payload: JSON.parse would change the digits of its numbers. */
const otherContent = z.object({
  context: jsonObject,
  modelInput: z.string().nullable(),
  warnings: z.array(z.string()),
  arrival: arrival.exactOptional(),
  origin: z
    .object({
      type: z.string(),
      account: z.string(),
      address: jsonObject,
      conversation: z.object({ key: z.string(), ttlSeconds: z.number() }).exactOptional(),
    })
    .exactOptional(),
});

export interface TriggerRecords {
  /**
   * Stores the content. Resolves with the fields for the record once a large content is durable.
   * @param prefix of the object of a large content
   */
  keep(trigger: Trigger, prefix: string): Promise<StoredBody>;
  /** The trigger of a separate record; `null` if there is none. */
  find(triggerId: string): Promise<TriggerRecord | null>;
  /** The same with its content; `null` also if the content no longer exists. */
  read(triggerId: string): Promise<StoredTrigger | null>;
  /** In link order; `null` if there is no such trigger. */
  runIdsOf(triggerId: string): Promise<readonly string[] | null>;
  /**
   * Keeps the trigger and its object at least until then (Unix seconds). An object is rewritten, because the bucket's
   * lifecycle counts from the last write.
   */
  keepUntil(triggerId: string, expiresAt: number): Promise<void>;
  /**
   * @param own content in the run's own record; if empty, the content is in the trigger's record
   * @returns `null` if the trigger's record or its object no longer exists
   */
  contentOf(triggerId: string, own: StoredBody): Promise<TriggerContent | null>;
}

/** An executor reads a run twice, before and after its claim; its trigger never changes. */
const rememberedTriggers = 16;

/** Reads and shapes triggers. */
export function triggerRecords(table: Table, objects: PayloadObjects): TriggerRecords {
  const remembered = new Map<string, TriggerContent>();
  const contentOf: TriggerRecords['contentOf'] = async (triggerId, own) => {
    const known = remembered.get(triggerId);
    if (known !== undefined) return known;
    const text = (await objects.read(own)) ?? (await readTrigger(table, objects, triggerId));
    if (text === null) return null;
    const payload = new Payload(textAtPath(text, 'payload') ?? 'null');
    const read = { ...otherContent.parse(jsonText.parse(text)), payload };
    remember(remembered, triggerId, read);
    return read;
  };
  return {
    keep({ triggerId, payload, context, modelInput, warnings, origin, arrival }, prefix) {
      const others = JSON.stringify({
        context,
        modelInput,
        warnings,
        ...(origin && { origin }),
        ...(arrival && { arrival }),
      } satisfies Omit<TriggerContent, 'payload'>);
      const text = `{"payload":${payload.text},${others.slice(1)}`;
      return objects.keep(prefix + triggerId, text);
    },
    async find(triggerId) {
      const item = await table.get(triggerKey(triggerId));
      if (item === null) return null;
      const content = await contentOf(triggerId, storedTrigger.parse(item));
      return { ...triggerRecordOf(item), ...arrivalOfContent(content) };
    },
    async read(triggerId) {
      const item = await table.get(triggerKey(triggerId));
      const content = item === null ? null : await contentOf(triggerId, storedTrigger.parse(item));
      return item === null || content === null ? null : { ...content, ...triggerRecordOf(item) };
    },
    async runIdsOf(triggerId) {
      const item = await table.get(triggerKey(triggerId));
      return item === null ? null : storedTrigger.parse(item).runIds;
    },
    async keepUntil(triggerId, expiresAt) {
      const item = await table.get(triggerKey(triggerId));
      const stored = item === null ? null : storedTrigger.parse(item);
      if (stored === null || stored.expiresAt >= expiresAt) return;
      const { bodyObject } = stored;
      const text = bodyObject === undefined ? null : await objects.read(stored);
      if (text !== null && bodyObject !== undefined) await objects.keep(bodyObject, text);
      const isThere = { expression: 'attribute_exists(#pk)' };
      await table.update(triggerKey(triggerId), { set: { expiresAt } }, isThere);
    },
    contentOf,
  };
}

/** What a trigger's content says about the request that brought it. */
export function arrivalOfContent(content: TriggerContent | null): Pick<Trigger, 'arrival'> {
  return content?.arrival === undefined ? {} : { arrival: content.arrival };
}

/** The record of a trigger with several runs or none, or one whose event may be repeated. */
export function triggerItem(
  trigger: Trigger,
  body: StoredBody,
  runIds: readonly string[],
  expiresAt: number,
): Item & ItemKey {
  const { triggerId, connectorId, receivedAt } = trigger;
  return {
    ...triggerKey(triggerId),
    triggerId,
    connectorId,
    receivedAt,
    runIds,
    ...listedAsFiltered(trigger),
    ...body,
    expiresAt,
  };
}

function listedAsFiltered({ triggerId, connectorId, receivedAt, filtered }: Trigger): Item {
  if (filtered === undefined) return {};
  return {
    filtered,
    timeKey: listKey('FILTERED', triggerId),
    connectorKey: listKey('FILTERED', triggerId, connectorId ?? ''),
    listed: listedAt(receivedAt, triggerId),
  };
}

async function readTrigger(table: Table, objects: PayloadObjects, triggerId: string): Promise<string | null> {
  const item = await table.get(triggerKey(triggerId));
  return item === null ? null : objects.read(storedTrigger.parse(item));
}

function remember(remembered: Map<string, TriggerContent>, triggerId: string, read: TriggerContent): void {
  remembered.set(triggerId, read);
  if (remembered.size <= rememberedTriggers) return;
  for (const oldest of remembered.keys()) {
    remembered.delete(oldest);
    return;
  }
}
