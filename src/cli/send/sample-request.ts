import { randomUUID } from 'node:crypto';
import { agentOf, type WireConnector } from '../../api/contract/index.ts';
import { typeLoaders } from '../../connectors/registry.ts';
import type {
  SampleContent,
  SampledRequest,
  SampleRequest,
  SampleRequestContext,
} from '../../core/connectors/connector-type.ts';
import type { ApiClient } from '../api-client.ts';
import { CliFailure } from '../cli-failure.ts';

/**
 * A request to a connector as its senders would send it, with the required credentials.
 *
 * @param secret replaces the connector's own secrets
 * @throws CliFailure if the connector has no URL, needs a secret that is neither shown nor given, or cannot use the
 *   secret
 */
export async function sampleRequest(
  api: ApiClient,
  connector: WireConnector,
  content: SampleContent,
  secret: string | null,
): Promise<SampleRequest> {
  const make = await makerOf(connector, content, secret !== null);
  const first = make(secret);
  // The secret is read only if needed: the audit log records each access.
  const made = first.outcome === 'secret-needed' ? make((await api.showSecret(connector.id)).secret) : first;
  if (made.outcome === 'made') return made.request;
  const reason = made.outcome === 'not-made' ? made.reason : `"${connector.name}" has no secret.`;
  throw new CliFailure('usage', secret === null ? `${reason} Pass one with --secret.` : reason);
}

async function makerOf(
  connector: WireConnector,
  content: SampleContent,
  isGiven: boolean,
): Promise<(secret: string | null) => SampledRequest> {
  const { name, mode, type, config, url, agents } = connector;
  const sample = (await typeLoaders[type]?.())?.modes[mode]?.sampleRequest;
  if (url === null || sample === undefined) {
    throw new CliFailure('failed', `"${name}" is ${mode} and has no URL to send to.`);
  }
  // A given secret replaces any that the connector has.
  const secretFields = isGiven ? [] : connector.secret_fields;
  const called: SampleRequestContext['connector'] = {
    name,
    mode,
    config,
    secretFields,
    agents: agents.map(agentOf),
  };
  return (current) =>
    sample({
      connector: called,
      url,
      secrets: { current, config: {} },
      content,
      id: randomUUID(),
      now: Date.now(),
    });
}
