import * as z from 'zod';
import type {
  MessageDescription,
  MessageKind,
  PrepareContext,
} from '../../core/connectors/connector-type.ts';
import type { EndedRun } from '../../core/runs/run.ts';
import { messageIdOf } from './automatic-mail.ts';
import { accountOf, type OutboundConfig, outboundConfigOf } from './config.ts';
import { type MailBody, mailBodyOf } from './mail-body.ts';

/** A complete message and the server to send it to. */
export interface OutboundMail {
  readonly outcome: 'made';
  readonly config: OutboundConfig;
  /** Values of the configuration's secret fields. */
  readonly secrets: Readonly<Record<string, string>>;
  readonly from: { readonly name: string; readonly address: string };
  readonly to: readonly string[];
  readonly cc: readonly string[];
  readonly bcc: readonly string[];
  readonly replyTo: readonly string[];
  readonly subject: string;
  readonly text: string | undefined;
  readonly html: string | undefined;
  readonly attachments: readonly MailAttachment[];
  readonly messageId: string;
  /** Message-IDs in header form. */
  readonly inReplyTo: string | undefined;
  readonly references: string | undefined;
  /** Unix ms. */
  readonly date: number;
}

interface MailAttachment {
  readonly filename: string;
  readonly content: string;
  readonly contentType: string | undefined;
  readonly encoding: 'utf-8' | 'base64';
}

export type MailMessage = OutboundMail | { readonly outcome: 'not-made'; readonly problem: string };

const originAddress = z.object({
  to: z.string(),
  message_id: z.string().nullable(),
  references: z.string(),
  subject: z.string(),
});
type OriginAddress = z.infer<typeof originAddress>;

const recipients = z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]);

export const message: MessageKind = {
  description: 'Sends an email.',
  schema: z.strictObject({
    to: recipients.exactOptional().meta({
      description:
        'One address or several. Default: the sender of the message that started the run, else the usual recipient.',
    }),
    subject: z.string().exactOptional().meta({ description: 'The subject.' }),
    body: z.string().min(1).meta({ description: 'The text.' }),
    html_body: z.string().exactOptional().meta({ description: 'The text as HTML, beside the plain one.' }),
    cc: recipients.exactOptional(),
    bcc: recipients.exactOptional(),
    reply_to: recipients.exactOptional(),
    attachments: z
      .array(
        z.strictObject({
          filename: z.string().min(1),
          content: z.string(),
          content_type: z.string().exactOptional(),
          encoding: z.enum(['utf-8', 'base64']).exactOptional().meta({ description: 'Default: base64.' }),
        }),
      )
      .exactOptional(),
  }),
};

/**
 * The message for a run's result. It goes to the recipients in the result, otherwise to the sender of the original
 * message, otherwise to the default recipient.
 *
 * @throws ZodError where the configuration is not valid
 */
export function prepare(run: EndedRun, context: PrepareContext): MailMessage {
  const config = outboundConfigOf(context.connector.config);
  const read = mailBodyOf(run);
  if (read.outcome === 'invalid') return { outcome: 'not-made', problem: read.problem };
  const { body } = read;
  const origin = originOf(context, config);
  const to = recipientsOf(body, origin, config);
  if (to.length + body.cc.length + body.bcc.length === 0) return nobody;
  // A message to other recipients is not part of the conversation.
  const replied = origin !== null && to.includes(origin.to) ? origin : null;
  return {
    outcome: 'made',
    config,
    secrets: context.secrets.config,
    from: { name: config.from_name ?? '', address: config.from_address },
    to,
    cc: body.cc,
    bcc: body.bcc,
    replyTo: body.reply_to,
    subject: body.subject ?? subjectOf(replied, run),
    text: body.body ?? undefined,
    html: body.html_body ?? undefined,
    attachments: (body.attachments ?? []).map(({ content_type: contentType, ...one }) => ({
      ...one,
      contentType,
    })),
    messageId: messageIdOf(context.deliveryId, config.from_address),
    inReplyTo: replied?.message_id ?? undefined,
    references: replied === null || replied.references === '' ? undefined : replied.references,
    date: context.now,
  };
}

const nobody: MailMessage = {
  outcome: 'not-made',
  problem:
    'The result names no recipient ("to"), the run did not begin with a message to this account, and the connector has no default recipient.',
};

/** The run's origin, if it came through this connector's account. Other accounts send in their own name. */
function originOf({ origin, connector }: PrepareContext, config: OutboundConfig): OriginAddress | null {
  if (origin?.type !== connector.type) return null;
  const own = [config.username ?? config.from_address, config.from_address].map(accountOf);
  return own.includes(origin.account) ? (originAddress.safeParse(origin.address).data ?? null) : null;
}

function recipientsOf(
  body: MailBody,
  origin: OriginAddress | null,
  config: OutboundConfig,
): readonly string[] {
  if (body.to.length > 0) return body.to;
  if (origin !== null) return [origin.to];
  return config.default_to === undefined ? [] : [config.default_to];
}

function subjectOf(replied: OriginAddress | null, { agentName, event, message }: EndedRun): string {
  if (event !== undefined) return `Agent Connectors: ${event.type}`;
  if (replied === null) return `${message === undefined ? 'Result of' : 'Message from'} ${agentName}`;
  return /^re:/i.test(replied.subject) ? replied.subject : `Re: ${replied.subject}`;
}

/** Describes the message to users by its server, its header, and its text. */
export function describe(message: MailMessage): MessageDescription {
  if (message.outcome === 'not-made') return { method: null, target: '', headers: {}, body: '' };
  const { config, from, to, cc, bcc, replyTo, subject, messageId, inReplyTo } = message;
  const lines = {
    from: from.name === '' ? from.address : `${from.name} <${from.address}>`,
    to: to.join(', '),
    cc: cc.join(', '),
    bcc: bcc.join(', '),
    'reply-to': replyTo.join(', '),
    subject,
    'message-id': messageId,
    'in-reply-to': inReplyTo ?? '',
    attachments: message.attachments.map(({ filename }) => filename).join(', '),
  };
  return {
    method: null,
    target: `${config.host}:${config.port}`,
    headers: Object.fromEntries(Object.entries(lines).filter(([, value]) => value !== '')),
    body: message.text ?? message.html ?? '',
  };
}
