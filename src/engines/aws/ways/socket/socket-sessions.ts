import * as z from 'zod';
import { jsonObject } from '../../../../core/json/json-value.ts';
import type { SocketSession } from '../../../../ingress/socket-session.ts';
import { socketKey } from '../../store/keys.ts';
import type { Table } from '../../store/table.ts';

const storedSocket = z.object({
  connectorId: z.string(),
  suffix: z.string(),
  session: jsonObject,
  idleSeconds: z.number(),
  /** The messages that the client gets first. */
  firstTexts: z.array(z.string()),
  /** Unix ms of the last message or answer. */
  activeAt: z.number(),
});

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
  const itemOf = (gatewayId: string, { session, firstTexts, activeAt }: StoredSocket) => ({
    ...socketKey(gatewayId),
    ...session,
    firstTexts,
    activeAt,
    expiresAt: Math.ceil(activeAt / 1_000) + keptSeconds,
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

function socketOf(item: unknown): StoredSocket | null {
  if (item === null) return null;
  const { firstTexts, activeAt, ...session } = storedSocket.parse(item);
  return { session, firstTexts, activeAt };
}
