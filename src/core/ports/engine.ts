import type { Connector } from '../connectors/connector.ts';
import type { ConnectorSecrets } from '../connectors/connector-secrets.ts';
import type { ConnectorTypes } from '../connectors/connector-type.ts';
import type { AllowedTargets } from '../connectors/private-targets.ts';
import type { Way } from '../connectors/ways.ts';
import type { Entropy } from '../identifiers.ts';
import type { ReadForm } from '../json/read-form.ts';
import type { ReadJson } from '../json/read-json.ts';
import type { ReadText } from '../json/read-text.ts';
import type { ReadMultipart } from '../multipart/read-multipart.ts';
import type { AgentCatalog } from './agent-catalog.ts';
import type { AgentExecutor } from './agent-executor.ts';
import type { ApiKeyStore } from './api-key-store.ts';
import type { AuditLog } from './audit-log.ts';
import type { BudgetStore } from './budget-store.ts';
import type { ChainSigner } from './chain-signer.ts';
import type { ConnectionStore } from './connection-store.ts';
import type { ConnectorChanges } from './connector-changes.ts';
import type { ConnectorHistory } from './connector-history.ts';
import type { ConnectorNames } from './connector-names.ts';
import type { ConnectorSources } from './connector-sources.ts';
import type { ConnectorStore } from './connector-store.ts';
import type { DeadLetterStore } from './dead-letter-store.ts';
import type { DeliveryStore } from './delivery-store.ts';
import type { HoldStore } from './hold-store.ts';
import type { Log } from './log.ts';
import type { NamedSecrets } from './named-secrets.ts';
import type { RateLimiter } from './rate-limiter.ts';
import type { RefusedRequestStore } from './refused-request-store.ts';
import type { RunSignals } from './run-signals.ts';
import type { RunStore } from './run-store.ts';
import type { SecretStore } from './secret-store.ts';
import type { SessionStore } from './session-store.ts';

/** One platform's adapters, and everything else that the core must not obtain itself. */
export interface Engine {
  readonly name: 'aws' | 'embedded';
  readonly types: ConnectorTypes;
  /** Whether this engine supports the way for a type's connectors. */
  readonly hasWay: (typeName: string, way: Way) => boolean;
  readonly agents: AgentCatalog;
  readonly executor: AgentExecutor;
  readonly connectors: ConnectorStore;
  readonly connections: ConnectionStore;
  readonly connectorNames: ConnectorNames;
  readonly connectorChanges: ConnectorChanges;
  readonly history: ConnectorHistory;
  readonly sources: ConnectorSources;
  readonly runs: RunStore;
  readonly holds: HoldStore;
  readonly deliveries: DeliveryStore;
  readonly secrets: SecretStore;
  readonly namedSecrets: NamedSecrets;
  /** Reads a connector and its secrets again, as of one moment; `null` if the connector does not exist. */
  readonly openConnector: (connectorId: string) => Promise<OpenConnector | null>;
  readonly sessions: SessionStore;
  readonly apiKeys: ApiKeyStore;
  readonly budgets: BudgetStore;
  readonly audit: AuditLog;
  readonly deadLetters: DeadLetterStore;
  readonly refusedRequests: RefusedRequestStore;
  readonly signals: RunSignals;
  readonly chains: ChainSigner;
  readonly readJson: ReadJson;
  readonly readForm: ReadForm;
  readonly readText: ReadText;
  readonly readMultipart: ReadMultipart;
  readonly rateLimiter: RateLimiter;
  readonly log: Log;
  /** Unix ms. */
  readonly clock: () => number;
  readonly entropy: Entropy;
  /** A number in [0, 1), for jitter. */
  readonly random: () => number;
  readonly settings: EngineSettings;
}

export interface OpenConnector {
  readonly connector: Connector;
  readonly secrets: ConnectorSecrets;
}

export interface EngineSettings extends AllowedTargets {
  /** Attempts that crashed their executor, after which a run fails with `attempts-exhausted`. */
  readonly maxAttempts: number;
  /** How many runs may lead to another, each to the next: an event after more of them starts nothing. */
  readonly maxDepth: number;
  /** How many isolated runs execute at a time, if the executor runs several. */
  readonly maxIsolatedRuns: number;
  /** The product's URL from outside, without a trailing slash: connector URLs begin with it. */
  readonly baseUrl: string;
  /** Where connections to connectors are opened, if the platform has a URL of its own for them. */
  readonly socketUrl?: string;
}

/** The ports that store something: an engine that neither executes runs nor makes deliveries. */
export type StorePorts = Pick<
  Engine,
  | 'connectors'
  | 'connections'
  | 'connectorNames'
  | 'connectorChanges'
  | 'history'
  | 'runs'
  | 'holds'
  | 'deliveries'
  | 'secrets'
  | 'namedSecrets'
  | 'openConnector'
  | 'sessions'
  | 'apiKeys'
  | 'budgets'
  | 'audit'
  | 'deadLetters'
  | 'refusedRequests'
  | 'signals'
  | 'chains'
>;
