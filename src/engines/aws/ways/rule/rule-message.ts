import type { SQSRecord } from 'aws-lambda';

/** What a rule sends for one event: whose it is, and the event as it came. */
export interface RuleMessage {
  readonly connectorId: string;
  /** JSON, with the digits of its numbers as they were sent. */
  readonly event: string;
}

/**
 * The template that a rule's target has for its messages. EventBridge puts the whole event in the place of the variable
 * (EventBridge user guide, "Input transformation": `aws.events.event.json`).
 */
export function ruleTemplate(connectorId: string): string {
  return `{"connectorId":"${connectorId}","event":<aws.events.event.json>}`;
}

const form = /^\s*\{\s*"connectorId"\s*:\s*"([^"\\]+)"\s*,\s*"event"\s*:([\s\S]+)\}\s*$/;

/** @param body of a message of the event queue. `null` where no rule of a deployment has sent it */
export function readRuleMessage(body: string): RuleMessage | null {
  const [, connectorId, event] = form.exec(body) ?? [];
  return connectorId === undefined || event === undefined ? null : { connectorId, event };
}

/** The body of a message of the event queue for one event. */
function ruleBody({ connectorId, event }: RuleMessage): string {
  return ruleTemplate(connectorId).replace('<aws.events.event.json>', () => event);
}

/**
 * The body of an event that ended in the dead letters. The function's own come as they were sent; where EventBridge could
 * not send at all, the event stands there alone and its rule in an attribute (EventBridge user guide, "Using dead-letter
 * queues to process undelivered events").
 */
export function deadEventBody({ body, messageAttributes }: SQSRecord): string {
  if (form.test(body)) return body;
  const ruleArn = messageAttributes['RULE_ARN']?.stringValue ?? '';
  const connectorId = idAtTheEnd.exec(ruleArn)?.[0];
  return connectorId === undefined ? body : ruleBody({ connectorId, event: body });
}

/** A connector's id, with which the name of its rule ends. */
const idAtTheEnd = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
