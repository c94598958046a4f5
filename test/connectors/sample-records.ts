import type { Connector, Mode } from '../../src/core/connectors/connector.ts';
import { type ConnectorSecrets, hashSecret } from '../../src/core/connectors/connector-secrets.ts';
import type { PrepareContext } from '../../src/core/connectors/connector-type.ts';
import type { ReceiveContext } from '../../src/core/connectors/received.ts';
import { Payload } from '../../src/core/json/json-value.ts';
import { readForm } from '../../src/core/json/read-form.ts';
import { readJson } from '../../src/core/json/read-json.ts';
import { readText } from '../../src/core/json/read-text.ts';
import { readMultipart } from '../../src/core/multipart/read-multipart.ts';
import type { AgentSummary } from '../../src/core/ports/agent-catalog.ts';
import { noSecrets } from '../../src/core/ports/secret-store.ts';
import type { EndedRun } from '../../src/core/runs/run.ts';
import { judgeFile } from '../../src/files/file-kind.ts';

/** The moment at which the tests of connectors take place: 2026-11-22T09:00:00Z, in Unix ms. */
export const sampleNow = Date.UTC(2026, 10, 22, 9);

/** A connector of the given type, enabled and linked, that knows the given secrets. */
export function sampleConnector(
  type: string,
  mode: Mode,
  config: Connector['config'],
  secrets: ConnectorSecrets = noSecrets,
): Connector {
  const { current, previous } = secrets;
  return {
    id: '7c9e6679-7425-40de-944b-e07fc1f90ae7',
    name: 'Sample',
    type,
    mode,
    config,
    secretFields: Object.keys(secrets.config),
    connection: null,
    agents: ['greeter'],
    enabled: true,
    disabledReason: null,
    disabledPeriods: [],
    paused: null,
    secretHashes: [
      ...(current === null ? [] : [{ sha256: hashSecret(current), expiresAt: null }]),
      ...(previous === null ? [] : [{ sha256: hashSecret(previous.secret), expiresAt: previous.expiresAt }]),
    ],
    failingSince: null,
    failureTally: null,
    version: 1,
    createdAt: sampleNow,
    updatedAt: sampleNow,
  };
}

/** What the core hands to `receive`; admits everything. */
export function sampleReceiveContext(
  connector: Connector,
  secrets: ConnectorSecrets = noSecrets,
  now = sampleNow,
): ReceiveContext {
  return {
    connector,
    now,
    allowPrivateTargets: true,
    readJson,
    readForm,
    readText,
    readMultipart: (bytes, boundary) => readMultipart(bytes, boundary, judgeFile),
    secrets: async () => secrets,
    admit: () => null,
    agents: () => connector.agents.map(sampleAgent),
    findRun: async () => null,
    cancelRuns: async () => {},
  };
}

function sampleAgent(name: string): AgentSummary {
  return {
    name,
    description: null,
    type: 'tool',
    model: null,
    tools: [],
    discoverableTools: [],
    mcpServers: [],
    compression: null,
    steps: [],
    timeoutSeconds: 60,
    maxConcurrentRuns: null,
    concurrency: null,
    session: null,
    code: [],
    file: `agents/${name}.yaml`,
    inputSchema: null,
    outputSchema: null,
    samplePayload: {},
    missingKey: null,
    guardrails: [],
  };
}

/** What the core hands to `prepare`. */
export function samplePrepareContext(connector: Connector, secrets: ConnectorSecrets): PrepareContext {
  return {
    connector,
    deliveryId: '019a9f5c-7e80-7abc-8def-0123456789ab',
    secrets,
    now: sampleNow,
    originType: null,
    origin: null,
    chain: null,
  };
}

/** A run that has completed. */
export const sampleRun: EndedRun = {
  runId: '019a9f5c-7e80-7000-8000-000000000001',
  agentName: 'greeter',
  connectorId: null,
  triggerId: '019a9f5c-7e80-7000-8000-000000000002',
  parentRunId: null,
  status: 'completed',
  payload: Payload.of({ message: 'Hello' }),
  modelInput: null,
  output: 'Hello to you.',
  error: null,
  queuedAt: sampleNow - 3_000,
  scheduledAt: null,
  startedAt: sampleNow - 2_000,
  endedAt: sampleNow - 1_000,
  attempts: 1,
  tokenUsage: { input: 12, output: 5, total: 17, cached: 0, reasoning: 0 },
  costUsd: null,
  model: null,
  context: {},
  warnings: [],
  concurrencyKey: null,
  cancelRequested: false,
  chain: [],
  waitsFor: null,
  interruptions: [],
};
