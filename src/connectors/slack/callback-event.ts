import * as z from 'zod';
import { type JsonObject, jsonObject, jsonValue } from '../../core/json/json-value.ts';
import type { EventKind } from './config.ts';
import { ignored, ignoredKind, type ReadEvent, type ReplyAddress } from './slack-event.ts';

/** The envelope of every event (docs.slack.dev, "The Events API": callback field overview). */
const callback = z.object({
  team_id: z.string().nullish(),
  api_app_id: z.string().nullish(),
  event_id: z.string().min(1).max(256),
  event_time: z.number().nonnegative(),
  event: jsonObject,
  /** The app's bot in the workspace; a person first, if the event came by a person's permission. */
  authorizations: z
    .array(z.object({ user_id: z.string().nullish(), is_bot: z.boolean().nullish() }))
    .default([]),
});

/** The fields used here of events that start runs. */
const innerEvent = z.object({
  type: z.string(),
  subtype: z.string().nullish(),
  text: z.string().nullish(),
  user: z.string().nullish(),
  bot_id: z.string().nullish(),
  app_id: z.string().nullish(),
  bot_profile: z.object({ app_id: z.string().nullish() }).nullish(),
  channel: z.string().nullish(),
  channel_type: z.string().nullish(),
  ts: z.string().nullish(),
  event_ts: z.string().nullish(),
  thread_ts: z.string().nullish(),
  files: jsonValue.optional(),
  /** Set for a reaction. */
  reaction: z.string().nullish(),
  item: z.object({ channel: z.string().nullish(), ts: z.string().nullish() }).nullish(),
});

type Callback = z.infer<typeof callback>;
type InnerEvent = z.infer<typeof innerEvent>;

/** Message kinds by channel type. */
const messageKinds: Readonly<Record<string, EventKind>> = {
  im: 'message.im',
  channel: 'message.channels',
  group: 'message.groups',
  mpim: 'message.mpim',
};

/** Subtypes of messages with content; other subtypes report edits, deletions, joins, and the like. */
const writtenSubtypes = new Set(['', 'bot_message', 'file_share', 'me_message', 'thread_broadcast']);

/** Reads an event of the Events API. @param events kinds that start runs */
export function callbackEvent(body: JsonObject, events: readonly EventKind[]): ReadEvent {
  const outer = callback.safeParse(body);
  const inner = innerEvent.safeParse(outer.data?.event);
  if (!outer.success || !inner.success) {
    return {
      outcome: 'refused',
      reason: 'malformed',
      detail: 'The body is not a complete Slack event.',
    };
  }
  const event = inner.data;
  const kind = kindOf(event);
  if (!events.some((taken) => taken === kind)) return ignoredKind(kind);
  const botUser = outer.data.authorizations.find((one) => one.is_bot !== false)?.user_id ?? null;
  const reason = reasonToIgnore(event, outer.data, events, botUser);
  return reason === null ? readEvent(event, outer.data, botUser) : ignored(reason);
}

function kindOf({ type, channel_type: channelType }: InnerEvent): string {
  if (type !== 'message') return type;
  return messageKinds[channelType ?? ''] ?? `message.${channelType ?? 'unknown'}`;
}

function reasonToIgnore(
  event: InnerEvent,
  { api_app_id: ownApp }: Callback,
  events: readonly EventKind[],
  botUser: string | null,
): string | null {
  if (isOwn(event, ownApp ?? null, botUser))
    return 'The app does not react to its own messages and reactions.';
  const { type, subtype } = event;
  if (!writtenSubtypes.has(subtype ?? '')) return `Messages of the subtype "${subtype}" start no runs.`;
  const isMention = botUser !== null && event.text?.includes(`<@${botUser}`) === true;
  if (type === 'message' && isMention && event.channel_type !== 'im' && events.includes('app_mention')) {
    return 'A message that mentions the app also arrives as an app_mention event, which starts the run.';
  }
  return null;
}

/**
 * Whether the app's own bot sent the event. An unidentified bot counts as the app's own, so that two bots do not answer
 * each other endlessly.
 */
function isOwn(event: InnerEvent, ownApp: string | null, botUser: string | null): boolean {
  if (botUser !== null && event.user === botUser) return true;
  if (event.bot_id == null) return false;
  const app = event.app_id ?? event.bot_profile?.app_id ?? null;
  return app === null || ownApp === null || app === ownApp;
}

function readEvent(event: InnerEvent, outer: Callback, botUser: string | null): ReadEvent {
  const channel = event.channel ?? event.item?.channel ?? null;
  const thread = event.thread_ts ?? event.ts ?? event.item?.ts ?? null;
  return {
    outcome: 'read',
    event: {
      payload: {
        text: textOf(event, botUser),
        user_id: event.user ?? event.bot_id ?? null,
        team_id: outer.team_id ?? null,
        channel_id: channel,
        thread_ts: thread,
        event_id: outer.event_id,
      },
      sent: outer.event,
      files: event.files ?? [],
      replyTo: channel === null ? null : replyAddress(event, channel, thread),
      timeMs: timeOf(event, outer),
    },
  };
}

/** Unix ms. The event's own time has fractions of a second, which keeps runs in the order of their events. */
function timeOf({ event_ts: own }: InnerEvent, { event_time: seconds }: Callback): number {
  const ownMs = Math.floor(Number(own ?? Number.NaN) * 1_000);
  return Math.abs(ownMs - seconds * 1_000) < 1_000 ? ownMs : seconds * 1_000;
}

function textOf({ type, text, reaction }: InnerEvent, botUser: string | null): string {
  if (type === 'reaction_added') return reaction ?? '';
  const [mention = '', mentioned] = /^\s*<@(\w+)(?:\|[^>]*)?>\s*/.exec(text ?? '') ?? [];
  const isOfBot = mentioned === botUser || (botUser === null && type === 'app_mention');
  return (text ?? '').slice(isOfBot ? mention.length : 0);
}

/** Replies in a direct message stay out of threads unless the message was in one. */
function replyAddress(event: InnerEvent, channel: string, thread: string | null): ReplyAddress {
  const isDirect = event.channel_type === 'im' || (event.channel_type == null && channel.startsWith('D'));
  return { channel_id: channel, thread_ts: isDirect ? (event.thread_ts ?? null) : thread };
}
