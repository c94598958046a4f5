import type { IncomingMessage, ServerResponse } from 'node:http';
import { isIPv6, type Socket } from 'node:net';
import ipaddr from 'ipaddr.js';

/** Maximum number of concurrent requests, that is, of those begun and not yet answered. */
export interface AdmissionLimits {
  readonly total: number;
  /** For each address: one client, or all clients behind a proxy. */
  readonly perAddress: number;
}

/** What to do with a request when its turn comes. */
export interface Admitted {
  begin(): void;
  /** @param detail one sentence: which limit is exceeded */
  refuse(detail: string): void;
}

/**
 * Maximum concurrent requests of one connection. Further pipelined requests wait: HTTP returns their answers after the
 * earlier ones anyway.
 */
const perConnection = 8;

/** Waiting requests of a connection above which nothing more is read from it. */
const maxWaiting = 32;

/** How long one turn of the event loop may begin waiting requests, in ms; then, new requests get their turn. */
const turnMs = 0.5;

interface Address {
  inHand: number;
  connections: number;
}

/** One connection. */
interface Lane {
  readonly socket: Socket;
  readonly address: Address;
  readonly waiting: { readonly response: ServerResponse; readonly admitted: Admitted }[];
  inHand: number;
  /** The server does not read from it, because too many of its requests wait. */
  isPaused: boolean;
}

/**
 * Decides when each request begins. The first one of a connection begins immediately. Requests that follow before its
 * answer wait: connections take turns with one request each, so that a client with thousands of requests delays nobody.
 *
 * @returns takes each request as it comes
 */
export function admission(
  limits: AdmissionLimits,
): (request: IncomingMessage, response: ServerResponse, admitted: Admitted) => void {
  const lanes = new WeakMap<Socket, Lane>();
  const addresses = new Map<string, Address>();
  /** Connections with waiting requests, the one whose turn is next first. */
  const line = new Set<Lane>();
  let isTurnSet = false;
  let total = 0;

  const open = (socket: Socket): Lane => {
    const name = addressOf(socket);
    const address = addresses.get(name) ?? { inHand: 0, connections: 0 };
    const lane: Lane = { socket, address, waiting: [], inHand: 0, isPaused: false };
    addresses.set(name, address);
    address.connections += 1;
    lanes.set(socket, lane);
    // Node resumes the connection with every body that was read: what was held back would come all the same.
    socket.on('resume', () => {
      if (lane.isPaused) socket.pause();
    });
    // Answers that were to follow others on the connection are not told that it is gone.
    socket.once('close', () => {
      line.delete(lane);
      lane.waiting.length = 0;
      count(lane, -lane.inHand);
      address.connections -= 1;
      if (address.connections === 0) addresses.delete(name);
    });
    return lane;
  };

  const count = (lane: Lane, change: number) => {
    lane.inHand += change;
    lane.address.inHand += change;
    total += change;
  };

  const excessOf = ({ address }: Lane): string | null => {
    if (total >= limits.total) return 'Too many concurrent requests. Try again later.';
    if (address.inHand < limits.perAddress) return null;
    return 'Too many concurrent requests from this address. Try again later.';
  };

  const begin = (lane: Lane, response: ServerResponse, admitted: Admitted) => {
    const excess = excessOf(lane);
    if (excess !== null) {
      admitted.refuse(excess);
      return;
    }
    count(lane, 1);
    response.once('close', () => {
      if (lane.socket.destroyed) return;
      count(lane, -1);
      standInLine(lane);
    });
    admitted.begin();
  };

  const standInLine = (lane: Lane) => {
    if (lane.waiting.length === 0 || lane.inHand >= perConnection || line.has(lane)) return;
    line.add(lane);
    setTurn();
  };

  const setTurn = () => {
    if (isTurnSet || line.size === 0) return;
    isTurnSet = true;
    setImmediate(takeTurns);
  };

  const takeTurns = () => {
    isTurnSet = false;
    const until = performance.now() + turnMs;
    for (const lane of line) {
      line.delete(lane);
      const next = lane.waiting.shift();
      if (lane.isPaused && lane.waiting.length < maxWaiting) {
        lane.isPaused = false;
        lane.socket.resume();
      }
      if (next !== undefined) begin(lane, next.response, next.admitted);
      standInLine(lane);
      if (performance.now() >= until) break;
    }
    setTurn();
  };

  return (request, response, admitted) => {
    const { socket } = request;
    const lane = lanes.get(socket) ?? open(socket);
    if (lane.inHand === 0 && lane.waiting.length === 0) {
      begin(lane, response, admitted);
      return;
    }
    lane.waiting.push({ response, admitted });
    if (lane.waiting.length >= maxWaiting && !lane.isPaused) {
      lane.isPaused = true;
      socket.pause();
    }
    standInLine(lane);
  };
}

/** What counts as one client: with IPv6, the whole /64 network, because one client usually has all of it. */
export function addressOf({ remoteAddress = '' }: Socket): string {
  if (!isIPv6(remoteAddress) || remoteAddress.startsWith('::ffff:')) return remoteAddress;
  return ipaddr.parse(remoteAddress).toNormalizedString().split(':', 4).join(':');
}
