import type { IncomingMessage, ServerResponse } from 'node:http';
import { isIPv6, type Socket } from 'node:net';
import ipaddr from 'ipaddr.js';
import { type BusyRequest, type FairShare, FairShares, Turns } from './fair-shares.ts';

/** Maximum number of concurrent requests, that is, of those begun and not yet answered. */
export interface AdmissionLimits {
  readonly total: number;
  /** For each address: one client, or all clients behind a proxy. */
  readonly perAddress: number;
  /** How long one request may hold back busier clients, in ms. Default: the time to store a run on a slow machine. */
  readonly patienceMs?: number;
}

/** What to do with a request when its turn comes. */
export interface Admitted {
  /**
   * The called target. Behind a proxy, all clients share one address, so each target has its own share. Everything that
   * callers can invent counts as the same target.
   */
  readonly target: string;
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

const defaultPatienceMs = 50;

interface Address {
  inHand: number;
  connections: number;
}

interface WaitingRequest {
  readonly response: ServerResponse;
  readonly admitted: Admitted;
}

/** A request that has begun and is not yet answered. */
interface RequestInHand {
  readonly response: ServerResponse;
  readonly share: FairShare;
  readonly busy: BusyRequest;
}

/** One connection. */
interface Lane {
  readonly admission: Admission;
  readonly socket: Socket;
  readonly addressName: string;
  readonly address: Address;
  readonly waiting: WaitingRequest[];
  /** Takes the next waiting request. */
  readonly takeNext: () => void;
  /** At most `perConnection` requests. */
  readonly inHand: RequestInHand[];
  /** The target of its last request, and that target's share. */
  target: string;
  share: FairShare;
  /** Bytes counted as used so far, in both directions. */
  countedBytes: number;
  /** Whether reading is paused because too many of its requests wait. */
  isPaused: boolean;
}

const lanes = new WeakMap<Socket, Lane>();

/** Whether a connection has unanswered requests. */
export function hasUnanswered(socket: Socket): boolean {
  const lane = lanes.get(socket);
  return lane !== undefined && (lane.inHand.length > 0 || lane.waiting.length > 0);
}

/** Call when a request only waits for the end of its run: others need not wait for it. */
export function waitsForItsRun(request: IncomingMessage): void {
  const lane = lanes.get(request.socket);
  lane?.admission.waitsForItsRun(lane, request);
}

/**
 * Call after each chunk of a body, even a discarded one.
 *
 * @returns when to read the next chunk; `null` for now
 */
export function turnToRead({ socket }: IncomingMessage): Promise<void> | null {
  const lane = lanes.get(socket);
  return lane === undefined ? null : lane.admission.turnOf(lane);
}

/**
 * Decides when each request begins. The first request of a connection begins immediately, unless its client uses much
 * more of the server than all others: then it waits while theirs are served. Pipelined requests wait too: clients take
 * turns, and so do the connections of a client, so a client with thousands of requests delays nobody.
 */
export class Admission {
  readonly #limits: AdmissionLimits;
  readonly #shares: FairShares;
  readonly #turns: Turns;
  readonly #addresses = new Map<string, Address>();
  #total = 0;

  constructor(limits: AdmissionLimits) {
    this.#limits = limits;
    this.#shares = new FairShares(limits.patienceMs ?? defaultPatienceMs);
    this.#turns = new Turns(this.#shares);
  }

  /** Begins a request, or queues it. */
  admit(request: IncomingMessage, response: ServerResponse, admitted: Admitted): void {
    const { socket } = request;
    const lane = lanes.get(socket) ?? this.#open(socket, admitted.target);
    if (lane.inHand.length === 0 && lane.waiting.length === 0) {
      this.#meanTarget(lane, admitted.target);
      if (!this.#shares.isHeld(lane.share)) {
        this.#begin(lane, response, admitted);
        return;
      }
    }
    lane.waiting.push({ response, admitted });
    if (lane.waiting.length >= maxWaiting && !lane.isPaused) {
      lane.isPaused = true;
      socket.pause();
    }
    this.#standInLine(lane);
  }

  /** When to read the next chunk from a connection; `null` for now. */
  turnOf(lane: Lane): Promise<void> | null {
    this.#countBytes(lane);
    if (!this.#shares.isGreedy(lane.share)) return null;
    return new Promise((resolve) => this.#turns.wait(lane.share, resolve));
  }

  /** A request of the connection no longer occupies the server. */
  waitsForItsRun(lane: Lane, request: IncomingMessage): void {
    const inHand = lane.inHand.find(({ response }) => response.req === request);
    if (inHand !== undefined) inHand.share.end(inHand.busy);
    this.#turns.goOn();
  }

  #open(socket: Socket, target: string): Lane {
    const addressName = addressOf(socket);
    const address = this.#addresses.get(addressName) ?? { inHand: 0, connections: 0 };
    this.#shares.connect(addressName);
    const lane: Lane = {
      admission: this,
      socket,
      addressName,
      address,
      waiting: [],
      takeNext: () => this.#takeNext(lane),
      inHand: [],
      target,
      share: this.#shares.of(addressName, target),
      countedBytes: 0,
      isPaused: false,
    };
    this.#addresses.set(addressName, address);
    address.connections += 1;
    lanes.set(socket, lane);
    // Node resumes the connection after every body. Without this, requests held back would arrive anyway.
    socket.on('resume', () => {
      if (lane.isPaused) socket.pause();
    });
    socket.once('close', () => this.#close(lane));
    return lane;
  }

  #close(lane: Lane): void {
    lane.waiting.length = 0;
    // Pipelined responses get no event when the connection closes.
    for (const inHand of [...lane.inHand]) this.#end(lane, inHand);
    lane.address.connections -= 1;
    if (lane.address.connections === 0) this.#addresses.delete(lane.addressName);
    this.#shares.disconnect(lane.addressName);
  }

  #meanTarget(lane: Lane, target: string): void {
    if (lane.target === target) return;
    lane.target = target;
    lane.share = this.#shares.of(lane.addressName, target);
  }

  #begin(lane: Lane, response: ServerResponse, admitted: Admitted): void {
    const excess = this.#excessOf(lane);
    if (excess !== null) {
      admitted.refuse(excess);
      return;
    }
    const { share } = lane;
    const inHand = { response, share, busy: this.#shares.begin(share) };
    lane.inHand.push(inHand);
    lane.address.inHand += 1;
    this.#total += 1;
    response.on('close', () => this.#end(lane, inHand));
    admitted.begin();
  }

  /** Does nothing if the request has ended. */
  #end(lane: Lane, inHand: RequestInHand): void {
    const at = lane.inHand.indexOf(inHand);
    if (at === -1) return;
    lane.inHand.splice(at, 1);
    lane.address.inHand -= 1;
    this.#total -= 1;
    inHand.share.end(inHand.busy);
    this.#countBytes(lane);
    this.#standInLine(lane);
    this.#turns.goOn();
  }

  #excessOf({ address }: Lane): string | null {
    const { total, perAddress } = this.#limits;
    if (this.#total >= total) return 'Too many concurrent requests. Try again later.';
    if (address.inHand < perAddress) return null;
    return 'Too many concurrent requests from this address. Try again later.';
  }

  #standInLine(lane: Lane): void {
    const [next] = lane.waiting;
    if (next === undefined || lane.inHand.length >= perConnection) return;
    this.#meanTarget(lane, next.admitted.target);
    this.#turns.wait(lane.share, lane.takeNext);
  }

  #takeNext(lane: Lane): void {
    const next = lane.waiting.shift();
    if (lane.isPaused && lane.waiting.length < maxWaiting) {
      lane.isPaused = false;
      lane.socket.resume();
    }
    if (next !== undefined) this.#begin(lane, next.response, next.admitted);
    this.#standInLine(lane);
  }

  #countBytes(lane: Lane): void {
    const bytes = lane.socket.bytesRead + lane.socket.bytesWritten;
    lane.share.useBytes(bytes - lane.countedBytes, performance.now());
    lane.countedBytes = bytes;
  }
}

/** What counts as one client: with IPv6, the whole /64 network, because a client usually controls all of it. */
export function addressOf({ remoteAddress = '' }: Socket): string {
  if (!isIPv6(remoteAddress) || remoteAddress.startsWith('::ffff:')) return remoteAddress;
  return ipaddr.parse(remoteAddress).toNormalizedString().split(':', 4).join(':');
}
