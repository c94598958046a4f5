import type { ConditionScope } from '../conditions/evaluate-condition.ts';
import type { Connector } from '../connectors/connector.ts';
import { isJsonObject, type JsonObject } from '../json/json-value.ts';
import type { Trigger } from '../triggers/trigger.ts';

/** The parts of an event that conditions can read. All of them are stored with its trigger. */
export type JudgedEvent = Pick<Trigger, 'payload' | 'context' | 'origin' | 'arrival'>;

/** What the conditions of an inbound or sync connector can read of an event. */
export function eventScope({ id, name, type, mode }: Connector, event: JudgedEvent): ConditionScope {
  const { payload, context, origin } = event;
  return {
    input: payload.value,
    context: {
      ...context,
      ...requestOf(event),
      ...(origin === undefined ? {} : { origin }),
    },
    connector: { id, name, type, mode },
  };
}

/** The request that brought the event, without credentials; what its type passes on has precedence. */
function requestOf({ context, arrival }: JudgedEvent): JsonObject {
  if (arrival === undefined) return {};
  const passed = isJsonObject(context['request']) ? context['request'] : {};
  const headers = isJsonObject(passed['headers']) ? passed['headers'] : {};
  return {
    request: { method: arrival.method, ...passed, headers: { ...arrival.headers, ...headers } },
  };
}
