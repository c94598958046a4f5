import * as z from 'zod';
import type {
  MessageDescription,
  MessageKind,
  PrepareContext,
} from '../../core/connectors/connector-type.ts';
import type { Origin } from '../../core/connectors/origin.ts';
import type { EndedRun } from '../../core/runs/run.ts';
import { resultFields } from '../../providers/result-fields.ts';
import { apiUrlOf, type Channel, withoutPrefix, withPrefix } from './account-fields.ts';
import { outboundConfigOf } from './outbound-config.ts';
import type { TwilioAccess } from './twilio-call.ts';

export interface TwilioMessage extends TwilioAccess {
  readonly account: string;
  /**
   * Twilio parameters shared by all messages of the result, without the text; or a sentence that says why it cannot be
   * sent.
   */
  readonly parameters: Readonly<Record<string, string>> | string;
  readonly text: string;
}

const fields = z
  .object({
    text: z.string(),
    to: z.string().min(1).max(64),
    content_sid: z.string().min(1),
    content_variables: z.record(z.string(), z.string()),
  })
  .partial();

type ResultFields = z.infer<typeof fields>;
type Config = ReturnType<typeof outboundConfigOf>;

export const message: MessageKind = {
  description: 'Sends an SMS, WhatsApp, or RCS message.',
  schema: z.strictObject({
    text: z.string().min(1).meta({ description: 'The text.' }),
    to: z.string().min(1).max(64).exactOptional().meta({
      description:
        'Phone number in the form +15551234567. Default: the sender of the message that started the run, else the usual recipient.',
    }),
    content_sid: z.string().min(1).exactOptional().meta({ description: 'Id of a content template.' }),
    content_variables: z
      .record(z.string(), z.string())
      .exactOptional()
      .meta({ description: 'Values for the template.' }),
  }),
};

/** The message for a run's result. @throws Error where the configuration is not valid */
export function prepare(run: EndedRun, { connector, secrets, origin }: PrepareContext): TwilioMessage {
  const config = outboundConfigOf(connector.config);
  const result = resultFields(run, fields);
  return {
    account: config.account_sid,
    apiUrl: apiUrlOf(config),
    accountSid: config.account_sid,
    authToken: secrets.config['auth_token'] ?? '',
    parameters: parametersOf(result, config, repliesTo(origin, config)),
    text: result.text ?? '',
  };
}

interface Reply {
  readonly from: string;
  readonly to: string;
}

function parametersOf(
  result: ResultFields,
  config: Config,
  reply: Reply | null,
): TwilioMessage['parameters'] {
  const { channel, messaging_service_sid: service } = config;
  const to = result.to ?? reply?.from ?? config.to;
  const sender = config.sender ?? reply?.to;
  if (to === undefined) return noRecipient;
  if (service === undefined && sender === undefined) return noSender;
  return {
    To: addressOf(channel, to),
    ...(service === undefined ? {} : { MessagingServiceSid: service }),
    // With a service, Twilio chooses the sender.
    ...(service === undefined && sender !== undefined ? { From: withPrefix(channel, sender) } : {}),
    ...contentOf(result, config),
  };
}

const noRecipient =
  'The result names no recipient ("to"), its run was not started by a message to this account and channel, and the connector has no default recipient.';
const noSender =
  'The connector has neither a sender nor a messaging service, and there is no message to reply to.';

/** Keeps the channel of a recipient that names one. */
function addressOf(channel: Channel, to: string): string {
  return withoutPrefix(to).bare === to ? withPrefix(channel, to) : to;
}

function contentOf(result: ResultFields, config: Config): Record<string, string> {
  const sid = result.content_sid ?? config.content_sid;
  if (sid === undefined) return {};
  const variables = result.content_variables ?? config.content_variables ?? {};
  const filled = Object.entries(variables).map(([name, value]) => [
    name,
    value.replaceAll('{{text}}', () => result.text ?? ''),
  ]);
  return { ContentSid: sid, ContentVariables: JSON.stringify(Object.fromEntries(filled)) };
}

const replyAddress = z.object({ channel: z.string(), from: z.string(), to: z.string() });

function repliesTo(origin: Origin | null, { account_sid: account, channel }: Config): Reply | null {
  if (origin?.type !== 'twilio_messaging' || origin.account !== account) return null;
  const address = replyAddress.safeParse(origin.address).data;
  return address?.channel === channel ? address : null;
}

/** Describes the message to users by its parameters. */
export function describe({ apiUrl, accountSid, parameters, text }: TwilioMessage): MessageDescription {
  return {
    method: 'POST',
    target: `${apiUrl}/2010-04-01/Accounts/${accountSid}/Messages.json`,
    headers: typeof parameters === 'string' ? {} : parameters,
    body: text,
  };
}
