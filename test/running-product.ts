import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import { loadProject, type ProjectLoad } from '../src/agents/project/load-project.ts';
import { loadConnectorTypes } from '../src/connectors/index.ts';
import type { Mode } from '../src/core/connectors/connector.ts';
import type { JsonObject } from '../src/core/json/json-value.ts';
import type { Engine } from '../src/core/ports/engine.ts';
import { startEmbedded } from '../src/engines/embedded/runtime.ts';
import type { EmbeddedSettings } from '../src/engines/embedded/settings.ts';
import { createLog, type LogLevel } from '../src/server/log.ts';
import { type RunningServer, type ServerOptions, startServer } from '../src/server/start-server.ts';
import { type Answer, readAnswer } from './scenarios/operator.ts';

export const adminToken = 'test-admin-token';

/** The embedded engine and its server in this process, on a data folder of their own. */
export interface RunningProduct {
  readonly baseUrl: string;
  readonly engine: Engine;
  readonly server: RunningServer;
  /** What the log has said so far. */
  readonly log: readonly string[];
  /** Calls the management API: `path` below `/api/v1`, a text as the body as it is, everything else as JSON. */
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  /** Makes a webhook connector. */
  connect(mode: Mode, agents: readonly string[], config?: JsonObject): Promise<Connector>;
  stop(): Promise<void>;
}

/** What a test needs of a connector: `url` is empty where it is not called. */
export interface Connector {
  readonly id: string;
  readonly url: string;
  readonly secret: string;
}

const created = z.object({ id: z.string(), url: z.string().nullable(), secret: z.string() });

export interface ProductOptions {
  readonly projectDir?: string;
  readonly settings?: Partial<EmbeddedSettings>;
  /** The environment of the agents: provider keys and base URLs. */
  readonly env?: Readonly<Record<string, string>>;
  readonly server?: Partial<ServerOptions>;
  readonly logLevel?: LogLevel;
  /** Stands between the server and the engine: to take a part of it away. */
  readonly alter?: (engine: Engine) => Engine;
}

/** Agents that echo, wait, fail, and the like. */
const scenarioProject = join(import.meta.dirname, 'scenarios/project');

/** Bundles lie in folders with the names of their contents, so all tests can share this one. */
const buildDir = join(import.meta.dirname, '../node_modules/.cache/scenario-agents');

/** No test changes these agents: all products of a test file have them from one load. */
let scenarioAgents: Promise<ProjectLoad> | undefined;

function loadScenarioAgents(): Promise<ProjectLoad> {
  scenarioAgents ??= loadProject(scenarioProject, { buildDir });
  return scenarioAgents;
}

/** Starts the product in this process; for tests that need to look inside or to take a part of it away. */
export async function runProduct(options: ProductOptions = {}): Promise<RunningProduct> {
  const dataDir = await mkdtemp(join(tmpdir(), 'running-product-'));
  const log: string[] = [];
  const serverLog = createLog({
    level: options.logLevel ?? 'info',
    pretty: false,
    write: (text) => log.push(text),
  });
  const loaded = await (options.projectDir === undefined
    ? loadScenarioAgents()
    : loadProject(options.projectDir, { buildDir: join(dataDir, 'build') }));
  if (loaded.outcome === 'broken') throw new Error(JSON.stringify(loaded.problems));
  const embedded = startEmbedded({
    dataDir,
    project: loaded,
    types: await loadConnectorTypes(),
    log: serverLog,
    env: { ...options.env },
    settings: { allowPrivateTargets: true, drainSeconds: 1, threads: 1, ...options.settings },
  });
  const engine = options.alter?.(embedded.engine) ?? embedded.engine;
  const server = await startServer({
    engine,
    host: '127.0.0.1',
    port: 0,
    adminToken,
    log: serverLog,
    trouble: embedded.trouble,
    maxBodyBytesInHand: embedded.memory.bodyBytes,
    ...options.server,
  });
  embedded.servedAt(server.address);
  const call: RunningProduct['call'] = (method, path, body, headers) =>
    callApi(`${server.address}/api/v1${path}`, method, body, headers);
  return {
    baseUrl: server.address,
    engine: embedded.engine,
    server,
    log,
    call,
    async connect(mode, agents, config = {}) {
      const name = `${mode} of ${agents} ${crypto.randomUUID()}`;
      const draft = { name, type: 'webhook', mode, agents, config };
      const answer = await call('POST', '/connectors', draft);
      if (answer.status !== 201) throw new Error(answer.text);
      const connector = created.parse(answer.json);
      return { ...connector, url: connector.url ?? '' };
    },
    async stop() {
      await server.stop(1_000);
      await embedded.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

async function callApi(
  url: string,
  method: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const response = await fetch(url, {
    method,
    headers: {
      authorization: `Bearer ${adminToken}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    body: body === undefined || typeof body === 'string' ? (body ?? null) : JSON.stringify(body),
  });
  return readAnswer(response);
}
