import { deliveredData, type EndedRun } from '../../core/runs/run.ts';
import type { OutboundConfig } from './outbound-config.ts';

/** The body of a delivery, and the headers that describe it. */
export interface Content {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The result of a run in the given format. @param deliveryId the event's ID: the same for every attempt */
export function contentOf(format: OutboundConfig['format'], run: EndedRun, deliveryId: string): Content {
  const envelope = deliveredData(run);
  const attributes = attributesOf(run, deliveryId);
  switch (format) {
    case 'envelope':
      return { headers: { 'content-type': 'application/json' }, body: JSON.stringify(envelope) };
    case 'cloudevents-structured':
      return {
        headers: { 'content-type': 'application/cloudevents+json' },
        body: JSON.stringify({ ...attributes, datacontenttype: 'application/json', data: envelope }),
      };
    case 'cloudevents-binary':
      return {
        headers: {
          'content-type': 'application/json',
          ...Object.fromEntries(Object.entries(attributes).map(([name, value]) => [`ce-${name}`, value])),
        },
        body: JSON.stringify(envelope),
      };
  }
}

/** CloudEvents 1.0, "Context attributes". Agent names need no escaping in headers and URIs. */
function attributesOf({ runId, agentName, status, endedAt, event }: EndedRun, deliveryId: string) {
  return {
    specversion: '1.0',
    id: deliveryId,
    source: event === undefined ? `/agents/${agentName}` : '/events',
    type: event === undefined ? `agent-connectors.run.${status}` : `agent-connectors.event.${event.type}`,
    subject: runId,
    time: new Date(endedAt).toISOString(),
  };
}
