import * as z from 'zod';
import type { ByChoice, Connector, DeliveryMode, Mode } from '../connectors/connector.ts';
import type { ConnectorTypes, MessageKind } from '../connectors/connector-type.ts';
import { eachConnector } from '../connectors/each-connector.ts';
import { updateConnector } from '../connectors/update-connector.ts';
import type { FieldProblem } from '../field-problem.ts';
import { type GivenLink, nameOfLink } from '../filters/connector-conditions.ts';
import type { JsonObject } from '../json/json-value.ts';
import { isSameJson } from '../json/same-json.ts';
import type { AgentCatalog } from '../ports/agent-catalog.ts';
import type { Engine } from '../ports/engine.ts';

export function deliveryModeOf({ byChoice }: Pick<Connector, 'byChoice'>): DeliveryMode {
  return byChoice?.by ?? 'automatic';
}

/** What a connector stores for a delivery mode; nothing if it delivers results. */
export function byChoiceOf(types: ConnectorTypes, type: string, mode: DeliveryMode): ByChoice | undefined {
  const message = types.get(type)?.message;
  if (mode === 'automatic' || message === undefined) return undefined;
  return { by: mode, description: message.description, parameters: schemaOf(message) };
}

const schemas = new WeakMap<MessageKind, JsonObject>();

function schemaOf(message: MessageKind): JsonObject {
  const known = schemas.get(message);
  if (known !== undefined) return known;
  const { $schema: _version, ...rendered } = z.toJSONSchema(message.schema, { io: 'input' });
  // Serialized again because zod's own type of the schema is wider than JSON.
  const schema = z.record(z.string(), z.json()).parse(JSON.parse(JSON.stringify(rendered)));
  schemas.set(message, schema);
  return schema;
}

/**
 * Gives every connector to which agents send the message that its type describes now: another version of the product may
 * have stored it. Done once: later calls do nothing, unless the one before has failed.
 *
 * @returns the function to call from time to time; it throws RetryableError when the store is unavailable
 */
export function messageRenewal(engine: Engine): () => Promise<void> {
  let isDone = false;
  return async () => {
    if (isDone) return;
    for await (const connector of eachConnector(engine.connectors, 'outbound')) {
      if (renewedMessage(engine.types, connector) === null) continue;
      await updateConnector(engine, connector.id, (stored) => renewedMessage(engine.types, stored));
      engine.log.info('connector.message-renewed', { connector_id: connector.id });
    }
    isDone = true;
  };
}

/** What changes in a connector; `null` if it has the message of its type, or sends none. */
function renewedMessage(
  types: ConnectorTypes,
  { type, byChoice }: Connector,
): Pick<Connector, 'byChoice'> | null {
  if (byChoice === undefined) return null;
  const current = byChoiceOf(types, type, byChoice.by);
  return current === undefined || isSameJson(current, byChoice) ? null : { byChoice: current };
}

/** What decides whether a delivery mode fits. */
interface Draft {
  readonly type: string;
  readonly mode: Mode;
  readonly delivery?: DeliveryMode | undefined;
  readonly agents: readonly GivenLink[];
}

/** Problems of a connector's delivery mode: a connector that is not outbound, and agents that can call no tool. */
export function deliveryProblems(
  { types, agents }: { readonly types: ConnectorTypes; readonly agents: AgentCatalog },
  { type, mode, delivery = 'automatic', agents: links }: Draft,
): FieldProblem[] {
  if (delivery === 'automatic') return [];
  if (mode !== 'outbound') {
    return [{ field: 'delivery', message: 'can be set only for outbound connectors' }];
  }
  if (types.get(type)?.message === undefined) {
    const message = `must be "automatic": connectors of type "${type}" deliver only results`;
    return [{ field: 'delivery', message }];
  }
  if (delivery === 'code') return [];
  return links.flatMap((link, index) => {
    const problem = toolProblem(agents, nameOfLink(link));
    return problem === null ? [] : [{ field: `agents.${index}`, message: problem }];
  });
}

/** Why an agent can get no tool, in one sentence; `null` if it can, or if there is no such agent. */
export function toolProblem(agents: AgentCatalog, name: string): string | null {
  const agent = agents.get(name);
  if (agent === null || agent.type === 'llm') return null;
  const remedy =
    agent.type === 'sequential'
      ? 'Link the steps that have a model, or use the delivery "code".'
      : 'Use the delivery "code".';
  return `The agent "${name}" has no model that could call a tool. ${remedy}`;
}
