import {
  type CallToolResult,
  Client,
  StreamableHTTPClientTransport,
  type Tool,
} from '@modelcontextprotocol/client';
import type { PrivateTargets } from '../../../core/connectors/private-targets.ts';
import { messageOf, systemErrorCode } from '../../../core/errors.ts';
import type { JsonObject } from '../../../core/json/json-value.ts';
import { type GuardedFetch, guardedFetch } from '../../../net/guarded-fetch.ts';
import { connectionSentences } from '../../../net/network-error.ts';
import { BlockedTarget } from '../../../net/target-guard.ts';
import { abortReason } from '../deadline.ts';
import { type FilledServer, ServerTrouble, type SessionLimits } from './fill-servers.ts';

/** Most that one response of a server may have. */
const mostBytes = 10_000_000;
/** How long a run's end waits for a server to end a session. */
const goodbyeMs = 1_000;

/** One run's session with one MCP server: the current revision of the protocol, or the one that the server speaks. */
export class McpSession {
  readonly #client: Client;
  readonly #transport: StreamableHTTPClientTransport;
  readonly #limits: SessionLimits;
  readonly #signal: AbortSignal;
  /** What was wrong with the last request; `null` if nothing was. */
  #trouble: string | null = null;
  #tools: readonly Tool[] = [];
  #isListOld = true;

  /** @param signal aborts when the run ends */
  constructor(
    { url, headers }: FilledServer,
    privateTargets: PrivateTargets,
    limits: SessionLimits,
    signal: AbortSignal,
  ) {
    this.#limits = limits;
    this.#signal = signal;
    this.#transport = new StreamableHTTPClientTransport(new URL(url), {
      requestInit: { headers: { ...headers } },
      fetch: this.#watched(guardedFetch(privateTargets, mostBytes)),
      reconnectionOptions: {
        initialReconnectionDelay: 500,
        maxReconnectionDelay: 5_000,
        reconnectionDelayGrowFactor: 2,
        maxRetries: 2,
      },
    });
    this.#client = new Client(
      { name: 'agent-connectors', version: '1' },
      { versionNegotiation: { mode: 'auto' } },
    );
    this.#client.setNotificationHandler('notifications/tools/list_changed', () => {
      this.#isListOld = true;
    });
  }

  /** The revision that both sides speak, once connected. */
  get protocolVersion(): string | null {
    return this.#client.getNegotiatedProtocolVersion() ?? null;
  }

  /** @throws ServerTrouble */
  async connect(): Promise<void> {
    await this.#limited(this.#client.connect(this.#transport, this.#listing()));
  }

  /**
   * The server's tools; listed again after the server has said that they changed.
   *
   * @throws ServerTrouble
   */
  async tools(): Promise<readonly Tool[]> {
    if (this.#isListOld) {
      this.#isListOld = false;
      // The library would write to the console that there are none.
      if (this.#client.getServerCapabilities()?.tools === undefined) return this.#tools;
      const { tools } = await this.#limited(this.#client.listTools(undefined, this.#listing()));
      this.#tools = tools;
    }
    return this.#tools;
  }

  /**
   * Calls a tool.
   *
   * @throws ServerTrouble, also if the result is not what the tool's schema says
   */
  async call(name: string, input: JsonObject): Promise<CallToolResult> {
    const options = {
      signal: this.#signal,
      timeout: this.#limits.callMs,
      resetTimeoutOnProgress: true,
      onprogress: () => undefined,
    };
    try {
      return await this.#client.callTool({ name, arguments: input }, options);
    } catch (thrown) {
      throw this.#troubleOf(thrown, this.#limits.callMs);
    }
  }

  /** Ends the session, on the server too; never rejects. */
  async close(): Promise<void> {
    const timer = Promise.withResolvers<void>();
    const timeout = setTimeout(timer.resolve, goodbyeMs);
    await Promise.race([this.#transport.terminateSession().catch(() => undefined), timer.promise]);
    clearTimeout(timeout);
    await this.#client.close().catch(() => undefined);
  }

  #listing() {
    return { signal: this.#signal, timeout: this.#limits.connectMs };
  }

  /** A probe of the SDK takes no signal, and several requests take longer than one: the limit is for all of them. */
  async #limited<T>(work: Promise<T>): Promise<T> {
    const { connectMs } = this.#limits;
    const limit = AbortSignal.any([this.#signal, AbortSignal.timeout(connectMs)]);
    const aborted = Promise.withResolvers<never>();
    const abort = () => aborted.reject(limit.reason);
    limit.addEventListener('abort', abort, { once: true });
    try {
      return await Promise.race([work, aborted.promise]);
    } catch (thrown) {
      throw this.#troubleOf(thrown, connectMs);
    } finally {
      limit.removeEventListener('abort', abort);
    }
  }

  /** Notes what is wrong with responses: the SDK's errors do not say all of it. */
  #watched(fetch: GuardedFetch): GuardedFetch {
    return async (url, init) => {
      try {
        const response = await fetch(url, init);
        // Servers need not have the stream that GET asks for.
        if (init?.method === 'POST') this.#trouble = troubleOfStatus(response.status);
        return response;
      } catch (thrown) {
        if (init?.signal?.aborted !== true) this.#trouble = troubleOfRequest(thrown);
        throw thrown;
      }
    };
  }

  #troubleOf(thrown: unknown, limitMs: number): Error {
    if (this.#signal.aborted) return abortReason(this.#signal);
    if (isTimeout(thrown)) return new ServerTrouble(`It did not answer within ${limitMs / 1_000} s.`);
    return new ServerTrouble(this.#trouble ?? sentenceOf(thrown), { cause: thrown });
  }
}

function troubleOfStatus(status: number): string | null {
  if (status >= 200 && status < 300) return null;
  if (status === 401 || status === 403) {
    return `It refused the credentials (${status}). Set its headers in mcp_servers.`;
  }
  if (status >= 300 && status < 400)
    return `It redirects to another address (${status}), which is not followed.`;
  return `It responded with ${status}.`;
}

const networkSentences = connectionSentences('server');

function troubleOfRequest(thrown: unknown): string {
  if (thrown instanceof BlockedTarget) return thrown.message;
  const code = systemErrorCode(thrown);
  return (
    (code === undefined ? undefined : networkSentences[code]) ??
    `The connection failed (${code ?? messageOf(thrown)}).`
  );
}

function isTimeout(thrown: unknown): boolean {
  if (!(thrown instanceof Error)) return false;
  if (thrown.name === 'TimeoutError') return true;
  return 'code' in thrown && thrown.code === 'REQUEST_TIMEOUT';
}

function sentenceOf(thrown: unknown): string {
  const message = messageOf(thrown).trim();
  return /[.!?]$/.test(message) ? message : `${message}.`;
}
