import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import * as z from 'zod';
import { orderedJson } from '../../../core/code/code-state.ts';
import type { UsedConnection } from '../../../core/connections/named-connection.ts';
import type { Connector } from '../../../core/connectors/connector.ts';
import type { ConnectorSecrets } from '../../../core/connectors/connector-secrets.ts';
import { messageOf, PermanentError, RetryableError } from '../../../core/errors.ts';
import type { AuditLog } from '../../../core/ports/audit-log.ts';
import type { ConnectionStore } from '../../../core/ports/connection-store.ts';
import type {
  ChangedConnector,
  ConnectorChangeSet,
  ConnectorChanges,
} from '../../../core/ports/connector-changes.ts';
import type { ConnectorNames } from '../../../core/ports/connector-names.ts';
import type { ConnectorStore } from '../../../core/ports/connector-store.ts';
import type { Log } from '../../../core/ports/log.ts';
import type { SecretStore } from '../../../core/ports/secret-store.ts';
import { connectionKey, connectorChangesKey, connectorKey, type ItemKey } from '../store/keys.ts';
import { jsonText } from '../store/payload-objects.ts';
import type { Table } from '../store/table.ts';
import { connectorSecrets, type SecretKeys } from './secret-store.ts';
import { connectorItem, connectorOf, linkChanges } from './stored-connector.ts';

export interface ConnectorChangeParts {
  readonly table: Table;
  readonly keys: SecretKeys;
  readonly connectors: ConnectorStore;
  readonly connections: ConnectionStore;
  readonly secrets: SecretStore;
  readonly names: ConnectorNames;
  readonly audit: AuditLog;
  readonly clock: () => number;
  readonly log: Log;
}

export interface JournaledChanges extends ConnectorChanges {
  /** Completes changes that were cut short; does nothing while their writer may still be at work. */
  complete(): Promise<void>;
}

/** What the sealed journal belongs to. */
const journalOwner = 'connector-changes';

/** Bytes: below DynamoDB's limit of 400 KB for an item, with room for its other attributes. */
const longestItem = 380_000;

/** How long the reconciler leaves changes to their writer, in ms. Making them twice does no harm. */
const leaveAloneMs = 60_000;

/** How long a name is reserved for changes that are being made, in ms. */
const reserveNamesMs = 3_600_000;

/** Connectors changed at a time: each takes a few calls, and those to other services have low rates. */
const atATime = 8;

/** A change with what undoes it. */
interface JournaledChange extends ChangedConnector {
  /** The configuration's secret fields before the change; `null` if they stay as they are. */
  readonly secretsBefore: ConnectorSecrets['config'] | null;
}

interface Journaled extends ConnectorChangeSet {
  readonly changed: readonly JournaledChange[];
}

/**
 * Makes many changes all or none. A DynamoDB transaction is limited to 100 items, so one write stores the sealed changes
 * in a journal: nothing is changed before it, and everything that it contains will be changed after it, if need be by the
 * reconciler.
 */
export function connectorChanges(parts: ConnectorChangeParts): JournaledChanges {
  const { table, keys, clock, log } = parts;
  return {
    async apply(changes) {
      checkSizes(changes);
      if (!(await isAsSeen(table, changes))) return 'changed-meanwhile';
      const journaled = await withSecretsBefore(parts, changes);
      const sealed = await keys.seal(await packed(journaled), journalOwner);
      if (sealed.sealed.length > longestItem) throw new PermanentError('too-many-changes', tooMany);
      const reserved = await reserveNames(parts, changes);
      if (reserved.outcome === 'taken') return 'changed-meanwhile';
      try {
        const journal = { ...connectorChangesKey, ...sealed, leftAloneUntil: clock() + leaveAloneMs };
        const begun = await table.put(journal, { expression: 'attribute_not_exists(#pk)' });
        if (!begun) throw new RetryableError('Other changes of connectors are in progress.');
      } catch (thrown) {
        await releaseNames(parts, reserved.names);
        throw thrown;
      }
      await makeAll(parts, journaled).catch((thrown: unknown) => {
        log.warn('connectors.not-changed-yet', { reason: messageOf(thrown) });
      });
      return 'applied';
    },
    async complete() {
      const item = await table.get(connectorChangesKey);
      if (item === null) return;
      const { leftAloneUntil, ...sealed } = journalItem.parse(item);
      if (clock() < leftAloneUntil) return;
      const changes = await unpacked(await keys.open(sealed, journalOwner));
      await makeAll(parts, changes);
      const { created, changed, removed } = changes;
      log.info('connectors.changes-completed', {
        connectors: created.length + changed.length + removed.length,
      });
    },
  };
}

const tooMany = 'These are too many changes for one apply. Apply a part of the files first.';

const journalItem = z.object({
  keyId: z.string(),
  sealed: z.instanceof(Uint8Array),
  leftAloneUntil: z.number(),
});

/**
 * What the journal contains must be possible to make: changes that cannot be would stop all later ones.
 *
 * @throws PermanentError `too-many-links`, `too-large`
 */
function checkSizes({ created, changed }: ConnectorChangeSet): void {
  const written = [
    ...created.map(({ connector, secrets }) => ({ before: null, after: connector, secrets })),
    ...changed,
  ];
  for (const { before, after, secrets } of written) {
    linkChanges(before, after);
    if (Math.max(sizeOf(connectorItem(after)), sizeOf(JSON.stringify(secrets))) <= longestItem) continue;
    const limit = `A connector can be at most ${longestItem / 1_000} KB`;
    throw new PermanentError(
      'too-large',
      `The connector "${after.name}" is too large. ${limit}, and so can its secrets. Shorten its configuration.`,
    );
  }
}

/** An upper bound of how DynamoDB counts a value, in bytes. */
function sizeOf(value: unknown): number {
  if (typeof value === 'string') return Buffer.byteLength(value);
  if (typeof value !== 'object' || value === null) return longestNumber;
  const parts = Object.entries(value).map(([name, part]) => sizeOf(name) + sizeOf(part) + 1);
  return parts.reduce((sum, size) => sum + size, 3);
}

/** Bytes. */
const longestNumber = 21;

async function isAsSeen(table: Table, { created, changed, removed }: ConnectorChangeSet): Promise<boolean> {
  const seen = [...changed.map(({ before }) => before), ...removed];
  const wanted = [...created.map(({ connector }) => connector), ...changed.map(({ after }) => after)];
  const used = wanted.flatMap(({ connection }) => connection ?? []);
  return (await haveVersions(table, seen, connectorKey)) && (await haveVersions(table, used, connectionKey));
}

async function haveVersions(
  table: Table,
  seen: readonly { readonly id: string; readonly version: number }[],
  keyOf: (id: string) => ItemKey,
): Promise<boolean> {
  const ids = new Set(seen.map(({ id }) => id));
  const items = await table.getMany([...ids].map(keyOf), ['id', 'version']);
  const versions = new Map(items.map((item) => [item['id'], item['version']]));
  return seen.every(({ id, version }) => versions.get(id) === version);
}

async function withSecretsBefore(
  { secrets }: ConnectorChangeParts,
  changes: ConnectorChangeSet,
): Promise<Journaled> {
  const changed = changes.changed.map(async (one) => ({
    ...one,
    secretsBefore: one.secrets === null ? null : (await secrets.get(one.after.id)).config,
  }));
  return { ...changes, changed: await Promise.all(changed) };
}

interface NamedConnector {
  readonly id: string;
  readonly name: string;
}

/** Reserves the names that connectors outside the changes could take. */
async function reserveNames(
  parts: ConnectorChangeParts,
  { created, changed, removed }: ConnectorChangeSet,
): Promise<{ readonly outcome: 'reserved' | 'taken'; readonly names: readonly NamedConnector[] }> {
  const before = [...changed.map((each) => each.before), ...removed];
  const ownNames = new Set(before.map(({ name }) => name));
  const wanted = [...created.map(({ connector }) => connector), ...changed.map(({ after }) => after)];
  const names: NamedConnector[] = [];
  for (const { id, name } of wanted.filter((each) => !ownNames.has(each.name))) {
    if ((await parts.names.claim(name, id, parts.clock() + reserveNamesMs)) === 'taken') {
      await releaseNames(parts, names);
      return { outcome: 'taken', names: [] };
    }
    names.push({ id, name });
  }
  return { outcome: 'reserved', names };
}

async function releaseNames(parts: ConnectorChangeParts, names: readonly NamedConnector[]): Promise<void> {
  for (const { id, name } of names) await parts.names.release(name, id);
}

/** Makes the changes of the journal, and ends it. Each step can be repeated. */
async function makeAll(parts: ConnectorChangeParts, changes: Journaled): Promise<void> {
  const { created, changed, removed, entries } = changes;
  await each(removed, (connector) => remove(parts, connector));
  await each(changed, ({ before, after }) =>
    before.name === after.name ? Promise.resolve() : parts.names.release(before.name, before.id),
  );
  await each(changed, (one) => change(parts, one));
  await each(created, (one) => create(parts, one));
  await each(entries, (entry) => parts.audit.append(entry));
  await parts.table.delete(connectorChangesKey);
}

async function each<Item>(items: readonly Item[], work: (item: Item) => Promise<unknown>): Promise<void> {
  const left = items.values();
  const workInTurn = async () => {
    for (const item of left) await work(item);
  };
  await Promise.all(Array.from({ length: atATime }, workInTurn));
}

async function remove(parts: ConnectorChangeParts, { id, name }: Connector): Promise<void> {
  await parts.connectors.delete(id);
  await parts.secrets.delete(id);
  await parts.names.release(name, id);
}

async function create(
  parts: ConnectorChangeParts,
  { connector, secrets: own }: ConnectorChangeSet['created'][number],
): Promise<void> {
  const { connectors, secrets, names, clock, log } = parts;
  if ((await connectors.get(connector.id)) !== null) return;
  await names.claim(connector.name, connector.id, clock());
  if (own.current !== null || connector.secretFields.length > 0) {
    await secrets.change(connector.id, () => own);
  }
  await connectors.create(connector).catch(async (thrown: unknown) => {
    // A connection that has changed meanwhile shows in the next plan; the store being unavailable does not.
    const isCurrent = connector.connection === null || (await isUnchanged(parts, connector.connection));
    if (isCurrent) throw thrown;
    log.error('connector.not-created', { connector_id: connector.id, reason: messageOf(thrown) });
  });
}

async function isUnchanged({ connections }: ConnectorChangeParts, used: UsedConnection): Promise<boolean> {
  return (await connections.get(used.id))?.connection.version === used.version;
}

/**
 * If others have changed the connector since, their changes of what the file does not decide stay. Secrets are stored
 * first, as in every change of a connector: its event source takes them when the record is written.
 */
async function change(parts: ConnectorChangeParts, one: JournaledChange): Promise<void> {
  const { before, after, secrets } = one;
  const { connectors, names, clock, log } = parts;
  const { id } = after;
  const stored = await connectors.get(id);
  if (stored === null || (await isMade(parts, one, stored))) return;
  let reason: string | null = connectionChanged;
  if (await hasCurrentConnection(parts, stored, after)) {
    if (secrets !== null) await parts.secrets.change(id, (kept) => ({ ...kept, config: secrets }));
    if (before.name !== after.name) await names.claim(after.name, id, clock());
    reason = await replace(parts, one, stored).catch(permanentReason);
  }
  if (reason === null) return;
  await undo(parts, one);
  log.error('connector.not-changed', { connector_id: id, reason });
}

const connectionChanged = 'Its connection was changed meanwhile.';

function permanentReason(thrown: unknown): string {
  if (thrown instanceof PermanentError) return thrown.message;
  throw thrown;
}

/** Others change a connector now and then. A connection that has changed meanwhile shows in the next plan. */
const maxTries = 5;

/** @returns why the record cannot be written; `null` if it is */
async function replace(
  { connectors }: ConnectorChangeParts,
  { before, after }: JournaledChange,
  seen: Connector,
): Promise<string | null> {
  let next = seen.version === before.version ? after : laidOver(seen, before, after);
  for (let tries = 0; tries < maxTries; tries++) {
    if ((await connectors.replace(next)) !== 'changed-meanwhile') return null;
    const stored = await connectors.get(after.id);
    if (stored === null || isApplied(stored, after)) return null;
    next = laidOver(stored, before, after);
  }
  return connectionChanged;
}

/** The connector keeps its secrets and its name with its record. */
async function undo(
  { secrets, names, clock }: ConnectorChangeParts,
  { before, after, secrets: planned, secretsBefore }: JournaledChange,
): Promise<void> {
  const { id } = after;
  if (planned !== null && secretsBefore !== null) {
    await secrets.change(id, (kept) =>
      areSame(kept.config, planned) ? { ...kept, config: secretsBefore } : null,
    );
  }
  if (before.name === after.name) return;
  await names.release(after.name, id);
  await names.claim(before.name, id, clock());
}

async function hasCurrentConnection(
  parts: ConnectorChangeParts,
  stored: Connector,
  { connection: used }: Connector,
): Promise<boolean> {
  if (used === null) return true;
  const { id, version } = stored.connection ?? {};
  return (id === used.id && version === used.version) || isUnchanged(parts, used);
}

/** Secrets that somebody has changed since they were stored stay as they are. */
async function isMade(
  { secrets }: ConnectorChangeParts,
  { after, secretsBefore }: JournaledChange,
  stored: Connector,
): Promise<boolean> {
  if (!isApplied(stored, after)) return false;
  return secretsBefore === null || !areSame((await secrets.get(after.id)).config, secretsBefore);
}

function areSame(one: ConnectorSecrets['config'], other: ConnectorSecrets['config']): boolean {
  return orderedJson(one) === orderedJson(other);
}

function isApplied(stored: Connector, after: Connector): boolean {
  return (
    stored.version >= after.version && orderedJson({ ...stored.code }) === orderedJson({ ...after.code })
  );
}

/** Fields of the record that every writer sets. */
const ofEveryWrite: ReadonlySet<string> = new Set(['version', 'updatedAt']);

function laidOver(stored: Connector, before: Connector, after: Connector): Connector {
  const old = new Map<string, unknown>(Object.entries(before));
  const changed = Object.entries(after).filter(
    ([field, value]) => !ofEveryWrite.has(field) && JSON.stringify(old.get(field)) !== JSON.stringify(value),
  );
  return {
    ...stored,
    ...Object.fromEntries(changed),
    version: stored.version + 1,
    updatedAt: after.updatedAt,
  };
}

const compress = promisify(gzip);
const decompress = promisify(gunzip);

async function packed({ created, changed, removed, entries }: Journaled): Promise<string> {
  const text = JSON.stringify({
    created: created.map(({ connector, secrets }) => ({ connector: connectorItem(connector), secrets })),
    changed: changed.map(({ before, after, ...secrets }) => ({
      before: connectorItem(before),
      after: connectorItem(after),
      ...secrets,
    })),
    removed: removed.map(connectorItem),
    entries,
  });
  return (await compress(text)).toString('base64');
}

async function unpacked(text: string): Promise<Journaled> {
  const json = (await decompress(Buffer.from(text, 'base64'))).toString();
  return journal.parse(jsonText.parse(json));
}

const connectorRecord = z.record(z.string(), z.unknown()).transform(connectorOf);
const secretFields = z.record(z.string(), z.string()).nullable();
const journal = z.object({
  created: z.array(z.object({ connector: connectorRecord, secrets: connectorSecrets })),
  changed: z.array(
    z.object({
      before: connectorRecord,
      after: connectorRecord,
      secrets: secretFields,
      secretsBefore: secretFields,
    }),
  ),
  removed: z.array(connectorRecord),
  entries: z.array(
    z.object({
      entryId: z.string(),
      at: z.number(),
      actor: z.string(),
      action: z.string(),
      subject: z.string(),
      detail: z.string().nullable(),
    }),
  ),
});
