import type { Connector } from '../connectors/connector.ts';
import type { Verdict } from '../filters/judge-conditions.ts';
import { derivedUuidV7 } from '../identifiers.ts';
import { isJsonObject, type JsonObject } from '../json/json-value.ts';
import type { AgentMessage, AgentSent, SendTarget } from '../ports/agent-executor.ts';
import type { Engine } from '../ports/engine.ts';
import type { Run, RunSummary } from '../runs/run.ts';
import { type Delivery, maxMessagesPerRun } from './delivery.ts';
import { comesFromChosen, firstState } from './plan-deliveries.ts';

/** What a delivery's record holds on AWS, besides its attempts. */
const maxMessageBytes = 131_072;

/**
 * The outbound connectors to which an agent of a run can send by choice, in order of creation.
 *
 * @throws RetryableError when the store is unavailable
 */
export async function sendTargets(
  engine: Engine,
  run: RunSummary,
  agentName: string,
): Promise<readonly SendTarget[]> {
  const linked = await engine.connectors.linkedTo(agentName);
  const open = linked.filter((connector) => comesFromChosen(connector, run));
  const taken = new Set<string>();
  return open.flatMap(({ id, name, byChoice }) => {
    if (byChoice === undefined) return [];
    const { by, description, parameters } = byChoice;
    const toolName = by === 'tool' ? freeName(toolNameOf(id, name), taken) : null;
    return [
      { connectorId: id, name, toolName, description: `${description} The target: "${name}".`, parameters },
    ];
  });
}

/** Models accept names of 64 characters. */
const longestSlug = 48;

/** Never that of a tool of the project: those have a dot, and two underscores in its place for models. */
function toolNameOf(id: string, name: string): string {
  const words = name
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .match(/[a-z0-9]+/g) ?? [id.slice(-8)];
  return `send_to_${words.join('_').slice(0, longestSlug)}`;
}

function freeName(wanted: string, taken: Set<string>): string {
  let name = wanted;
  for (let count = 2; taken.has(name); count++) name = `${wanted}_${count}`;
  taken.add(name);
  return name;
}

/** Sends the messages of one attempt of a run. */
export class RunMessages {
  readonly #engine: Engine;
  readonly #run: Run;
  readonly #signal: AbortSignal;
  #count = 0;

  /** @param signal aborts when the run is cancelled: it waits no longer */
  constructor(engine: Engine, run: Run, signal: AbortSignal) {
    this.#engine = engine;
    this.#run = run;
    this.#signal = signal;
  }

  /**
   * Stores the delivery of a message. The same message of a run that is executed again finds the delivery that it had
   * the first time.
   *
   * @throws RetryableError when the store is unavailable
   */
  async send(message: AgentMessage): Promise<AgentSent> {
    const connector = await this.#engine.connectors.get(message.connectorId);
    const problem = problemOf(connector, message, this.#run);
    if (problem !== null || connector === null) return refused(problem ?? 'The connector no longer exists.');
    if (++this.#count > maxMessagesPerRun) {
      return refused(`A run can send at most ${maxMessagesPerRun} messages, and this one has sent as many.`);
    }
    const content = JSON.parse(message.messageText);
    if (!isJsonObject(content)) return refused('A message must be a JSON object.');
    const verdict = await verdictOf(this.#engine, connector, message.agentName, this.#run, content);
    if (verdict?.wanted === false) {
      return { outcome: 'filtered', reason: verdict.reason ?? 'The connector does not want this message.' };
    }
    const stored = await this.#engine.deliveries.send(
      deliveryOf(this.#engine, connector, this.#run, message, content),
    );
    const delivery = await this.#after(stored, message.waitSeconds);
    return {
      outcome: 'sent',
      deliveryId: delivery.deliveryId,
      status: delivery.status,
      reason: delivery.reason ?? delivery.attempts.at(-1)?.error ?? null,
    };
  }

  #after(stored: Delivery, waitSeconds: number | null): Promise<Delivery> | Delivery {
    if (waitSeconds === null || stored.status !== 'pending') return stored;
    const enough = AbortSignal.any([this.#signal, AbortSignal.timeout(waitSeconds * 1_000)]);
    return this.#engine.signals.whenDelivered(stored.deliveryId, enough);
  }
}

/** Why a connector takes no message of an agent, in one sentence. */
function problemOf(
  connector: Connector | null,
  { agentName, messageText }: AgentMessage,
  run: RunSummary,
): string | null {
  if (connector === null) return 'The connector was deleted.';
  const { name } = connector;
  if (connector.byChoice === undefined) return `The connector "${name}" delivers results, and no messages.`;
  if (!connector.agents.includes(agentName)) {
    return `The connector "${name}" is not linked to the agent "${agentName}".`;
  }
  if (!comesFromChosen(connector, run)) {
    return `The connector "${name}" does not deliver for runs of the connector that started this one.`;
  }
  const bytes = Buffer.byteLength(messageText);
  if (bytes <= maxMessageBytes) return null;
  return `The message has ${bytes} bytes, and can have at most ${maxMessageBytes}.`;
}

/** What the connector's condition and that of the link say of a message, which they read as `output`. */
async function verdictOf(
  engine: Engine,
  connector: Connector,
  agentName: string,
  run: Run,
  output: JsonObject,
): Promise<Verdict | undefined> {
  if (connector.conditions === undefined) return undefined;
  const { judgeConditions } = await import('../filters/judge-conditions.ts');
  const { noteConditionErrors } = await import('../filters/note-condition-errors.ts');
  const scope = { output, status: run.status, input: run.payload.value, context: run.context };
  const verdicts = judgeConditions(connector.conditions, [agentName], scope);
  await noteConditionErrors(engine, connector, verdicts);
  return verdicts[0];
}

function deliveryOf(
  engine: Engine,
  connector: Connector,
  { runId, queuedAt }: Run,
  { agentName, messageText, occurrence }: AgentMessage,
  message: JsonObject,
): Delivery {
  const now = engine.clock();
  const key = JSON.stringify([runId, connector.id, messageText, occurrence]);
  return {
    deliveryId: derivedUuidV7(queuedAt, key),
    runId,
    agentName,
    connectorId: connector.id,
    ...firstState(connector, now, now),
    attempts: [],
    attemptsInSchedule: 0,
    createdAt: now,
    message,
  };
}

function refused(reason: string): AgentSent {
  return { outcome: 'refused', reason };
}
