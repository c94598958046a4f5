import * as z from 'zod';
import type {
  MessageDescription,
  MessageKind,
  PrepareContext,
} from '../../core/connectors/connector-type.ts';
import type { Origin } from '../../core/connectors/origin.ts';
import type { EndedRun } from '../../core/runs/run.ts';
import { resultFields } from '../../providers/result-fields.ts';
import { outboundConfigOf, type Webhook, webhookOf } from './config.ts';
import { timeOf } from './interaction.ts';

export interface DiscordMessage {
  readonly deliveryId: string;
  /** The webhook or the application: what Discord limits. */
  readonly account: string;
  readonly apiUrl: string;
  /** Where to send it; or a sentence that says why it cannot be sent. */
  readonly target: MessageTarget | string;
  readonly text: string;
}

/** An interaction is answered like a webhook, with the application's ID and the token of the interaction. */
export interface MessageTarget extends Webhook {
  readonly kind: 'reply' | 'webhook';
  /** Only the person who used the command may see the answer. */
  readonly ephemeral?: boolean;
  /** A thread in the channel of a webhook. */
  readonly threadId?: string;
}

const fields = z.object({ text: z.string(), thread_id: z.string().regex(/^\d{17,20}$/) }).partial();

export const message: MessageKind = {
  description: 'Sends a message to Discord.',
  schema: z.strictObject({
    text: z.string().min(1).meta({ description: 'The text, in Markdown.' }),
    thread_id: z
      .string()
      .regex(/^\d{17,20}$/)
      .exactOptional()
      .meta({
        description:
          'A thread in the channel of the webhook. Default: the answer to the command that started the run, else the channel.',
      }),
  }),
};

/** The message for a run's result. @throws Error where the configuration is not valid */
export function prepare(
  run: EndedRun,
  { connector, deliveryId, secrets, origin, now }: PrepareContext,
): DiscordMessage {
  const { application_id: application, api_url: apiUrl } = outboundConfigOf(connector.config);
  const { text = '', thread_id: threadId } = resultFields(run, fields);
  const webhook = webhookOf(secrets.config['webhook_url'] ?? '');
  const command = threadId === undefined ? commandOf(origin, application) : null;
  const isLate = command !== null && now - timeOf(command.interaction_id) > answerableMs;
  const target: DiscordMessage['target'] =
    command !== null && !isLate
      ? { kind: 'reply', id: command.application, token: command.token, ephemeral: command.ephemeral }
      : webhook !== null
        ? { kind: 'webhook', ...webhook, ...(threadId === undefined ? {} : { threadId }) }
        : isLate
          ? tooLate
          : nowhere;
  const account = typeof target === 'string' ? '' : target.id;
  return { deliveryId, account, apiUrl, target, text };
}

/** The validity of an interaction's token (docs.discord.com, "Receiving and Responding to Interactions"). */
const answerableMs = 15 * 60_000;

const address = z.object({
  interaction_id: z.string().regex(/^\d{17,20}$/),
  token: z.string(),
  ephemeral: z.boolean().default(false),
});

function commandOf(origin: Origin | null, application: string | undefined) {
  if (origin?.type !== 'discord' || application === undefined || origin.account !== application) return null;
  const found = address.safeParse(origin.address).data;
  return found === undefined ? null : { ...found, application };
}

const tooLate =
  'Discord accepts answers to a command for 15 minutes only, and the connector has no webhook URL.';
const nowhere =
  'The run was not started by a command of the application in application_id, and the connector has no webhook URL.';

/** Describes the message to users by what it is sent to. Tokens, a part of the URL, are left out. */
export function describe({ apiUrl, target, text }: DiscordMessage): MessageDescription {
  if (typeof target === 'string') return { method: 'POST', target: apiUrl, headers: {}, body: text };
  const { kind, id, threadId } = target;
  return {
    method: kind === 'reply' ? 'PATCH' : 'POST',
    target: `${apiUrl}/webhooks/${id}`,
    headers: threadId === undefined ? {} : { thread: threadId },
    body: text,
  };
}
