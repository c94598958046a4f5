import type { MessageDescription, PrepareContext } from '../../core/connectors/connector-type.ts';
import { deliveredData, type EndedRun } from '../../core/runs/run.ts';
import { chainHeader } from '../../core/runs/run-chain.ts';
import { type AwsCredentials, credentialsOf } from '../aws-account.ts';
import { outboundConfigOf } from './outbound-config.ts';

/** A complete event and the credentials to send it with. */
export interface BusMessage {
  readonly region: string | undefined;
  /** Absent for the credentials of the process. */
  readonly credentials: AwsCredentials | undefined;
  readonly entry: {
    readonly EventBusName: string;
    readonly Source: string;
    readonly DetailType: string;
    readonly Detail: string;
  };
}

/** The run envelope as an event's detail, with the run's chain: events have no headers. @throws ZodError where the configuration is not valid */
export function prepare(run: EndedRun, { connector, secrets, chain }: PrepareContext): BusMessage {
  const config = outboundConfigOf(connector);
  return {
    region: config.region,
    credentials: credentialsOf(config.access_key_id, secrets.config),
    entry: {
      EventBusName: config.event_bus,
      Source: config.source,
      DetailType: config.detail_type,
      Detail: JSON.stringify({
        ...deliveredData(run),
        ...(chain === null ? {} : { [chainHeader]: chain }),
      }),
    },
  };
}

/** Describes the event to users: its bus, and the fields besides the detail that rules match. */
export function describe({ entry }: BusMessage): MessageDescription {
  return {
    method: null,
    target: `event bus ${entry.EventBusName}`,
    headers: { source: entry.Source, 'detail-type': entry.DetailType },
    body: entry.Detail,
  };
}
