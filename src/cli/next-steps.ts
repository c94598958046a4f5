import {
  agentOf,
  isSocketUrl,
  type WireConnection,
  type WireConnector,
  type WireModeDescription,
} from '../api/contract/index.ts';
import type { ApiClient } from './api-client.ts';
import { CliFailure } from './cli-failure.ts';
import { curlCommand, shellName } from './render/curl-command.ts';
import { localTime } from './time-text.ts';

/** What somebody can do next, ending with a colon, and the command for it. */
export interface NextStep {
  readonly does: string;
  readonly command: string;
}

/** Next steps below the answer of a command. */
export function withNextSteps(answer: string, steps: readonly NextStep[]): string {
  return [answer, ...steps.map(({ does, command }) => `${does}\n${command}`)].join('\n\n');
}

/**
 * What to do next with a connector that was created or linked, from what its type says about its mode. Empty if the
 * system does not answer: the connector is there, and its URL and secret must be printed.
 *
 * @param secret for a first request; `null` if it is not at hand
 */
export async function stepsWithConnector(
  api: ApiClient,
  connector: WireConnector,
  secret: string | null,
): Promise<readonly NextStep[]> {
  const items = (await orNull(api.listConnectorTypes()))?.items ?? [];
  const modes = items.find(({ name }) => name === connector.type)?.modes ?? [];
  const mode = modes.find((described) => described.mode === connector.mode);
  if (mode === undefined) return [];
  return [...(await firstUse(api, connector, mode, secret)), ...setUp(connector, mode)];
}

/** The answer of a call that may fail: what a command has done is printed in any case. */
async function orNull<Answer>(call: Promise<Answer>): Promise<Answer | null> {
  try {
    return await call;
  } catch (thrown) {
    if (thrown instanceof CliFailure) return null;
    throw thrown;
  }
}

async function firstUse(
  api: ApiClient,
  connector: WireConnector,
  mode: WireModeDescription,
  secret: string | null,
): Promise<readonly NextStep[]> {
  if (connector.agents.length === 0)
    return hasSubscribed(connector) ? test(connector, mode) : [linkOne(connector)];
  if (connector.mode === 'outbound') return delivering(connector, mode);
  if (connector.url === null) return [await firstEvent(api, connector)];
  return mode.has_secret ? [firstRequest(connector, secret)] : [];
}

/** Whether it delivers operational events, which need no agent. */
function hasSubscribed({ mode, config: { events } }: WireConnector): boolean {
  return mode === 'outbound' && Array.isArray(events) && events.length > 0;
}

/** Without an agent, requests are refused and no results arrive. */
function linkOne(connector: WireConnector): NextStep {
  const effect = connector.mode === 'outbound' ? 'nothing is delivered' : 'events are refused';
  const does = `No agent is linked yet, so ${effect}. Link one:`;
  return { does, command: `npx connectors link ${named(connector)} <agent>` };
}

/** A `curl` command if requests can be repeated; the `send` command if they are signed, or messages of a connection. */
function firstRequest(connector: WireConnector, secret: string | null): NextStep {
  const { sample_request: sample } = connector;
  const isRepeatable = sample !== null && secret !== null && !isSocketUrl(sample.url);
  return {
    does: 'Try it:',
    command: isRepeatable ? curlCommand(sample, secret) : `npx connectors send ${named(connector)}`,
  };
}

/** For a connector that nobody calls: its schedule, or its source. */
async function firstEvent(api: ApiClient, connector: WireConnector): Promise<NextStep> {
  // Refused for a connector without a schedule.
  const tick = (await orNull(api.nextRuns(connector.id)))?.items[0]?.at;
  return tick === undefined
    ? {
        does: 'See whether its source is connected:',
        command: `npx connectors lag ${named(connector)}`,
      }
    : {
        does: `It fires next at ${localTime(tick)}. Fire it now:`,
        command: `npx connectors run-now ${named(connector)}`,
      };
}

/** What a run of its agents does for an outbound connector. */
const deliveringBy = {
  automatic: 'Run an agent. Its result is delivered:',
  tool: 'Run an agent. Its model can send with a tool:',
  code: 'Run an agent. Its code can send with send_connector:',
} as const;

function delivering(connector: WireConnector, mode: WireModeDescription): readonly NextStep[] {
  const [agent] = connector.agents.map(agentOf);
  return [
    ...test(connector, mode),
    {
      does: deliveringBy[connector.delivery ?? 'automatic'],
      command: `npx connectors run ${agent} --sample`,
    },
    { does: 'See what was sent:', command: `npx connectors deliveries --connector ${named(connector)}` },
  ];
}

function test(connector: WireConnector, { tests }: WireModeDescription): readonly NextStep[] {
  if (!tests.includes('delivery')) return [];
  return [
    { does: 'Send a sample result to its target:', command: `npx connectors test ${named(connector)}` },
  ];
}

function setUp(connector: WireConnector, { instructions }: WireModeDescription): readonly NextStep[] {
  if (instructions === null) return [];
  return [
    { does: 'See what to set up at the other side:', command: `npx connectors show ${named(connector)}` },
  ];
}

/** What to do next with a new connection. Empty if the system does not answer. */
export async function stepsWithConnection(
  api: ApiClient,
  { name, type }: WireConnection,
): Promise<readonly NextStep[]> {
  const items = (await orNull(api.listConnectionTypes()))?.items ?? [];
  const found = items.find((one) => one.name === type);
  if (found === undefined) return [];
  const called = shellName(name);
  const [first] = found.connector_types;
  const use = `npx connectors create <mode> --type ${first} --agent <agent> --connection ${called}`;
  return [
    ...(found.can_be_tested
      ? [{ does: 'Test it:', command: `npx connectors connections test ${called}` }]
      : []),
    { does: `Use it in connectors (${found.connector_types.join(', ')}):`, command: use },
  ];
}

function named({ name }: WireConnector): string {
  return shellName(name);
}
