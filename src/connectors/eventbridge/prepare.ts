import type { PrepareContext } from '../../core/connectors/connector-type.ts';
import { type EndedRun, runEnvelope } from '../../core/runs/run.ts';
import { outboundConfigOf } from './outbound-config.ts';

/** One event, completely shaped, and who sends it. */
export interface BusMessage {
  readonly region: string | undefined;
  /** Absent: the credentials of the process. */
  readonly credentials: Credentials | undefined;
  readonly entry: {
    readonly EventBusName: string;
    readonly Source: string;
    readonly DetailType: string;
    readonly Detail: string;
  };
}

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
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

function credentialsOf(
  accessKeyId: string | undefined,
  secrets: Readonly<Record<string, string>>,
): Credentials | undefined {
  const { secret_access_key: secretAccessKey, session_token: sessionToken } = secrets;
  if (accessKeyId === undefined || secretAccessKey === undefined) return undefined;
  return { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) };
}
