import type { MessageDescription, PrepareContext } from '../../core/connectors/connector-type.ts';
import { type EndedRun, runEnvelope } from '../../core/runs/run.ts';
import { type AwsCredentials, credentialsOf } from '../aws-account.ts';
import { outboundConfigOf } from './outbound-config.ts';

/** One event, completely shaped, and who sends it. */
export interface BusMessage {
  readonly region: string | undefined;
  /** Absent: the credentials of the process. */
  readonly credentials: AwsCredentials | undefined;
  readonly entry: {
    readonly EventBusName: string;
    readonly Source: string;
    readonly DetailType: string;
    readonly Detail: string;
  };
}

/** The run envelope as the detail of an event. @throws ZodError where the configuration is not valid */
export function prepare(run: EndedRun, { connector, secrets }: PrepareContext): BusMessage {
  const config = outboundConfigOf(connector);
  return {
    region: config.region,
    credentials: credentialsOf(config.access_key_id, secrets.config),
    entry: {
      EventBusName: config.event_bus,
      Source: config.source,
      DetailType: config.detail_type,
      Detail: JSON.stringify(runEnvelope(run)),
    },
  };
}

/** The event for people: its bus, and what rules match besides the detail. */
export function describe({ entry }: BusMessage): MessageDescription {
  return {
    method: null,
    target: `event bus ${entry.EventBusName}`,
    headers: { source: entry.Source, 'detail-type': entry.DetailType },
    body: entry.Detail,
  };
}
