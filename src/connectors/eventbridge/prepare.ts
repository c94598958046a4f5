import * as z from 'zod';
import type {
  MessageDescription,
  MessageKind,
  PrepareContext,
} from '../../core/connectors/connector-type.ts';
import { deliveredData, type EndedRun } from '../../core/runs/run.ts';
import { chainHeader } from '../../core/runs/run-chain.ts';
import { type AwsCredentials, credentialsOf } from '../aws-account.ts';
import { outboundConfigOf } from './config.ts';

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

const fields = z.strictObject({
  detail: z.looseObject({}).meta({ description: 'The content of the event.' }),
  detail_type: z.string().min(1).max(128).exactOptional().meta({
    description: 'What kind of event it is, for rules. Default: as the connector says.',
  }),
});

export const message: MessageKind = {
  description: 'Sends an event to an Amazon EventBridge bus.',
  schema: fields,
};

/**
 * The run envelope, or the agent's message, as an event's detail, with the run's chain: events have no headers.
 *
 * @throws ZodError where the configuration is not valid
 */
export function prepare(run: EndedRun, { connector, secrets, chain }: PrepareContext): BusMessage {
  const config = outboundConfigOf(connector);
  const own = run.message === undefined ? undefined : fields.parse(run.message);
  return {
    region: config.region,
    credentials: credentialsOf(config.access_key_id, secrets.config),
    entry: {
      EventBusName: config.event_bus,
      Source: config.source,
      DetailType: own?.detail_type ?? config.detail_type,
      Detail: JSON.stringify({
        ...(own?.detail ?? deliveredData(run)),
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
