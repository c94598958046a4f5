import * as z from 'zod';
import type {
  MessageDescription,
  MessageKind,
  PrepareContext,
} from '../../core/connectors/connector-type.ts';
import type { Origin } from '../../core/connectors/origin.ts';
import { jsonObject } from '../../core/json/json-value.ts';
import type { EndedRun } from '../../core/runs/run.ts';
import { resultFields } from '../../providers/result-fields.ts';
import { accountOf, outboundConfigOf } from './config.ts';
import type { ReplyAddress } from './slack-event.ts';

/** A result for Slack, with its text in Markdown. */
export interface SlackMessage {
  readonly account: string;
  readonly apiUrl: string;
  readonly botToken: string;
  /** `null` if neither the result, the run's origin, nor the connector names a channel. */
  readonly address: ReplyAddress | null;
  readonly text: string;
  /** Block Kit. */
  readonly blocks: readonly Readonly<Record<string, unknown>>[] | null;
}

const fields = z
  .object({
    text: z.string(),
    channel_id: z.string().min(1),
    thread_ts: z.string().min(1),
    blocks: z.array(jsonObject).min(1),
  })
  .partial();

export const message: MessageKind = {
  description: 'Sends a message to Slack.',
  schema: z.strictObject({
    text: z.string().min(1).meta({ description: 'The text, in Markdown.' }),
    channel_id: z.string().min(1).exactOptional().meta({
      description: 'Default: where the message that started the run was written, else the usual channel.',
    }),
    thread_ts: z.string().min(1).exactOptional().meta({ description: 'The thread to reply in.' }),
    blocks: z.array(z.looseObject({})).min(1).exactOptional().meta({ description: 'Block Kit blocks.' }),
  }),
};

/** The message for a run's result. @throws Error where the configuration is not valid */
export function prepare(run: EndedRun, { connector, secrets, origin }: PrepareContext): SlackMessage {
  const config = outboundConfigOf(connector.config);
  const botToken = secrets.config['bot_token'] ?? '';
  const account = accountOf(botToken);
  const result = resultFields(run, fields);
  return {
    account,
    apiUrl: config.api_url,
    botToken,
    address: addressOf(result, repliesTo(origin, account), config.default_channel),
    text: result.text ?? '',
    blocks: result.blocks ?? null,
  };
}

function addressOf(
  { channel_id: channel, thread_ts: thread }: z.infer<typeof fields>,
  reply: ReplyAddress | null,
  usual: string | undefined,
): ReplyAddress | null {
  if (channel !== undefined) return { channel_id: channel, thread_ts: thread ?? null };
  if (reply !== null) return { ...reply, thread_ts: thread ?? reply.thread_ts };
  return usual === undefined ? null : { channel_id: usual, thread_ts: thread ?? null };
}

const address = z.object({ channel_id: z.string(), thread_ts: z.string().nullable() });

function repliesTo(origin: Origin | null, account: string): ReplyAddress | null {
  if (origin?.type !== 'slack' || origin.account !== account) return null;
  return address.safeParse(origin.address).data ?? null;
}

/** Describes the message to users by its channel and thread. */
export function describe({ apiUrl, address, text, blocks }: SlackMessage): MessageDescription {
  return {
    method: 'POST',
    target: `${apiUrl}/chat.postMessage`,
    headers: {
      channel: address?.channel_id ?? '',
      ...(address?.thread_ts == null ? {} : { thread: address.thread_ts }),
    },
    body: blocks === null ? text : JSON.stringify({ text, blocks }),
  };
}
