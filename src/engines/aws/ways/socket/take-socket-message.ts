import { messageOf } from '../../../../core/errors.ts';
import type { Engine } from '../../../../core/ports/engine.ts';
import { answerMessage, type SocketPeer } from '../../../../ingress/socket-session.ts';
import type { GatewayConnections } from './gateway-connections.ts';
import type { SocketMessage } from './socket-message.ts';
import { type SocketSessions, type StoredSocket, socketOf } from './socket-sessions.ts';

interface Deps {
  readonly engine: Engine;
  readonly sessions: SocketSessions;
  readonly connections: GatewayConnections;
}

/** Below the function's timeout: the agent's longest time, and the margin of its lease. */
const longestMs = 870_000;
/** API Gateway's limit for one message. */
const maxSentBytes = 128 * 1024;

/**
 * Handles what happened on a connection: sends the first messages, or answers one message. A message of a connection
 * comes only after the one before it was handled.
 *
 * @throws RetryableError when the store is unavailable: the message may come again
 */
export async function takeSocketMessage(deps: Deps, message: SocketMessage): Promise<void> {
  const { sessions, connections } = deps;
  const { gatewayId } = message;
  const socket = (await sessions.find(gatewayId)) ?? socketBefore(message);
  // The client has left: a message that nobody answered was not taken.
  if (socket === null) return;
  if (message.kind === 'opened') {
    for (const text of socket.firstTexts) await connections.postFirst(gatewayId, text);
    return;
  }
  if (isIdle(socket, message.at)) return connections.close(gatewayId);
  await answer(deps, socket, message);
}

/** The connection that a message from the dead letters had: its runs are executed, and nobody waits for the answer. */
function socketBefore(message: SocketMessage): StoredSocket | null {
  return message.kind === 'message' ? socketOf(message.socket ?? null) : null;
}

/** API Gateway closes quiet connections only after ten minutes. */
function isIdle({ session, activeAt }: StoredSocket, at: number): boolean {
  return at - activeAt > session.idleSeconds * 1_000;
}

async function answer(
  { engine, sessions, connections }: Deps,
  socket: StoredSocket,
  { gatewayId, messageId, text }: Extract<SocketMessage, { kind: 'message' }>,
): Promise<void> {
  const sender = new Sender(engine, connections, gatewayId);
  const answered = await answerMessage(engine, socket.session, text, {
    send: sender.send,
    busy: sender.busy,
    maxSentBytes,
    messageId,
    longestMs,
  });
  await sender.busy();
  const activeAt = engine.clock();
  await sessions.save(gatewayId, { session: answered.session, firstTexts: [], activeAt });
  if (answered.close !== null) await connections.close(gatewayId);
  await answered.finished;
}

/** Sends messages one after another. */
class Sender {
  readonly #engine: Engine;
  readonly #connections: GatewayConnections;
  readonly #gatewayId: string;
  #isGone = false;
  #pending = 0;
  #last: Promise<void> = Promise.resolve();

  constructor(engine: Engine, connections: GatewayConnections, gatewayId: string) {
    this.#engine = engine;
    this.#connections = connections;
    this.#gatewayId = gatewayId;
  }

  readonly send: SocketPeer['send'] = (text) => {
    this.#pending += 1;
    this.#last = this.#last
      .then(() => this.#post(text))
      .finally(() => {
        this.#pending -= 1;
      });
  };

  readonly busy = (): Promise<void> | null => (this.#pending === 0 ? null : this.#last);

  async #post(text: string): Promise<void> {
    if (this.#isGone) return;
    try {
      this.#isGone = !(await this.#connections.post(this.#gatewayId, text));
    } catch (thrown) {
      // The run goes on; its result is in the logs.
      this.#isGone = true;
      this.#engine.log.warn('socket.not-sent', { reason: messageOf(thrown) });
    }
  }
}
