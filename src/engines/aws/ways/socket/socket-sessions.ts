import type { SocketSession } from '../../../../ingress/socket-session.ts';
import { socketKey } from '../../store/keys.ts';
import type { Table } from '../../store/table.ts';
import { storedSocket } from './socket-message.ts';

/** A connection between its messages. */
export interface StoredSocket {
  readonly session: SocketSession;
  readonly firstTexts: readonly string[];
  readonly activeAt: number;
}

/** The connections of a deployment, by API Gateway's name of each. */
export interface SocketSessions {
  open(gatewayId: string, socket: StoredSocket): Promise<void>;
  find(gatewayId: string): Promise<StoredSocket | null>;
  /** Does nothing if the connection has been closed. */
  save(gatewayId: string, socket: StoredSocket): Promise<void>;
  /** @returns the connection, or `null` if it was closed before */
  close(gatewayId: string): Promise<StoredSocket | null>;
}

/** API Gateway ends a connection after two hours, and does not promise to say so. */
const keptSeconds = 3 * 3_600;

export function socketSessions(table: Table): SocketSessions {
  const itemOf = (gatewayId: string, socket: StoredSocket) => ({
    ...socketKey(gatewayId),
    ...storedFormOf(socket),
    expiresAt: Math.ceil(socket.activeAt / 1_000) + keptSeconds,
  });
  return {
    async open(gatewayId, socket) {
      await table.put(itemOf(gatewayId, socket));
    },
    async find(gatewayId) {
      return socketOf(await table.get(socketKey(gatewayId)));
    },
    async save(gatewayId, socket) {
      await table.put(itemOf(gatewayId, socket), { expression: 'attribute_exists(pk)' });
    },
    async close(gatewayId) {
      return socketOf(await table.delete(socketKey(gatewayId)));
    },
  };
}

/** What `socketOf` reads. */
export function storedFormOf({ session, ...rest }: StoredSocket) {
  return { ...session, ...rest };
}

/** @param item `null` for none */
export function socketOf(item: unknown): StoredSocket | null {
  if (item === null) return null;
  const { firstTexts, activeAt, ...session } = storedSocket.parse(item);
  return { session, firstTexts, activeAt };
}
