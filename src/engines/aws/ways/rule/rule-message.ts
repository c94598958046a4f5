import type { SQSRecord } from 'aws-lambda';

/** What a rule sends for one event: the connector's id and the unchanged event. */
export interface RuleMessage {
  readonly connectorId: string;
  /** JSON, with the original digits of its numbers. */
  readonly event: string;
}

/**
 * The template for the messages of a rule's target. EventBridge replaces the variable with the whole event (EventBridge
 * user guide, "Input transformation": `aws.events.event.json`).
 */
export function ruleTemplate(connectorId: string): string {
  return `{"connectorId":"${connectorId}","event":<aws.events.event.json>}`;
}

const form = /^\s*\{\s*"connectorId"\s*:\s*"([^"\\]+)"\s*,\s*"event"\s*:([\s\S]+)\}\s*$/;

/** @param body of a message of the event queue. `null` if no rule of a deployment sent it */
export function readRuleMessage(body: string): RuleMessage | null {
  const [, connectorId, event] = form.exec(body) ?? [];
  return connectorId === undefined || event === undefined ? null : { connectorId, event };
}

/** The message body for one event. */
function ruleBody({ connectorId, event }: RuleMessage): string {
  return ruleTemplate(connectorId).replace('<aws.events.event.json>', () => event);
}

/**
 * The body of an event in the dead letters. A message that the function gave up is unchanged. If EventBridge itself
 * could not send, the body is the plain event and an attribute names its rule (EventBridge user guide, "Using
 * dead-letter queues to process undelivered events").
 */
export function deadEventBody({ body, messageAttributes }: SQSRecord): string {
  if (form.test(body)) return body;
  const ruleArn = messageAttributes['RULE_ARN']?.stringValue ?? '';
  const connectorId = idAtTheEnd.exec(ruleArn)?.[0];
  return connectorId === undefined ? body : ruleBody({ connectorId, event: body });
}

/** The connector's id at the end of its rule's name. */
const idAtTheEnd = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
