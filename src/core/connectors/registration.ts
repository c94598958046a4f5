import type { Connector } from './connector.ts';
import type { ConnectorSecrets } from './connector-secrets.ts';
import type { AllowedTargets } from './private-targets.ts';

/**
 * What the product sets up at a provider for a connector, such as the webhook of a bot. The engine registers a connector
 * after each change of it, retries failures, and shows them in the connector's health.
 */
export interface Registration {
  /**
   * The account at the provider that it is set up for. If a change of the connector changes the account, the
   * registration of the old one is removed.
   */
  account(connector: Connector, secrets: ConnectorSecrets): string;
  /** Sets it up, or updates it. Repeatable. Never throws because of the network. */
  register(context: RegistrationContext): Promise<Registered>;
  /** Removes it if it is still this connector's. Never throws because of the network. */
  unregister(context: RegistrationContext): Promise<Registered>;
}

export interface RegistrationContext extends AllowedTargets {
  readonly connector: Connector;
  readonly secrets: ConnectorSecrets;
  /** Where the provider calls the connector. */
  readonly url: string;
  readonly signal: AbortSignal;
}

export type Registered =
  | { readonly outcome: 'done' }
  /** `error` is a sentence without secrets. */
  | { readonly outcome: 'failed'; readonly error: string };
