import { hash } from 'node:crypto';
import type { ConnectorStore } from '../../core/ports/connector-store.ts';
import type { DeliveryStore } from '../../core/ports/delivery-store.ts';
import type { PageRequest } from '../../core/ports/page.ts';
import type { ChangeEvent, ChangesSince } from '../../core/ports/run-signals.ts';
import type { RunStore } from '../../core/ports/run-store.ts';

/** The stores that are checked for changes. */
export interface WatchedStores {
  readonly runs: Pick<RunStore, 'list'>;
  readonly deliveries: Pick<DeliveryStore, 'list'>;
  readonly connectors: Pick<ConnectorStore, 'list'>;
}

/** The newest of each list, about what a page shows. */
const newest: PageRequest = { limit: 50, cursor: null };

/**
 * What changed among the newest 50 runs, deliveries, and connectors since `place`. `place` holds a digest of each
 * state, so the caller keeps the memory and the function stays stateless. Intermediate states are skipped.
 *
 * @param place of an earlier answer; `null` for the first. An unreadable one counts as none.
 */
export async function changesSince(stores: WatchedStores, place: string | null): Promise<ChangesSince> {
  const states = (await look(stores)).map((event) => ({ event, digest: digestOf(event) }));
  const seen = place === null ? null : digestsIn(place);
  return {
    events: states.filter(({ digest }) => seen !== null && !seen.has(digest)).map(({ event }) => event),
    place: placeOf(states.map(({ digest }) => digest)),
  };
}

/** The newest of each list, oldest first, so that events come in chronological order. */
async function look(stores: WatchedStores): Promise<ChangeEvent[]> {
  const [runs, deliveries, connectors] = await Promise.all([
    stores.runs.list(newest),
    stores.deliveries.list(newest),
    stores.connectors.list(newest),
  ]);
  const found: ChangeEvent[] = [
    ...runs.items.map((run) => ({ type: 'run.updated' as const, run })),
    ...deliveries.items.map((delivery) => ({ type: 'delivery.updated' as const, delivery })),
    ...connectors.items.map((connector) => ({ type: 'connector.updated' as const, connector })),
  ];
  return found.reverse();
}

/** Base64 characters of a digest. With 36 bits, fewer than one change in 400 million looks like a known state. */
const digestLength = 6;

const placePattern = new RegExp(`^v1\\.((?:[\\w-]{${digestLength}})*)$`);

function digestOf(event: ChangeEvent): string {
  return hash('sha256', JSON.stringify(event), 'base64url').slice(0, digestLength);
}

/** At most 903 characters. */
function placeOf(digests: readonly string[]): string {
  return `v1.${digests.join('')}`;
}

function digestsIn(place: string): ReadonlySet<string> | null {
  const digests = placePattern.exec(place)?.[1];
  return digests === undefined ? null : new Set(digests.match(new RegExp(`.{${digestLength}}`, 'g')));
}
