import * as z from 'zod';
import type { JsonObject } from '../../core/json/json-value.ts';
import type { EventKind } from './config.ts';
import { ignoredKind, type ReadEvent } from './slack-event.ts';

/** docs.slack.dev, "Implementing slash commands": "Understanding the command payload". */
const slashCommand = z.object({
  command: z.string(),
  text: z.string().default(''),
  user_id: z.string(),
  team_id: z.string().nullish(),
  channel_id: z.string(),
  trigger_id: z.string().min(1).max(256),
});

const chosen = z.object({ value: z.string().nullish() }).nullish();

/** docs.slack.dev, "block_actions payload". */
const blockActions = z.object({
  type: z.literal('block_actions'),
  trigger_id: z.string().min(1).max(256),
  user: z.object({ id: z.string() }),
  team: z.object({ id: z.string() }).nullish(),
  channel: z.object({ id: z.string() }).nullish(),
  container: z.object({ message_ts: z.string().nullish(), thread_ts: z.string().nullish() }).nullish(),
  actions: z
    .array(z.object({ action_id: z.string(), value: z.string().nullish(), selected_option: chosen }))
    .min(1),
});

/**
 * Reads a slash command or an action on a message. Slack gives each a trigger ID instead of an event ID.
 *
 * @param timeMs Unix ms at which Slack signed it
 */
export function interactionEvent(body: JsonObject, events: readonly EventKind[], timeMs: number): ReadEvent {
  // The token is a deprecated credential, which agents do not need.
  const { token: _credential, ...sent } = body;
  const command = slashCommand.safeParse(body);
  if (command.success) {
    if (!events.includes('slash_commands')) return ignoredKind('slash_commands');
    return commandEvent(command.data, sent, timeMs);
  }
  const actions = blockActions.safeParse(body);
  if (!actions.success) return ignoredKind(typeof body['type'] === 'string' ? body['type'] : 'unknown');
  if (!events.includes('block_actions')) return ignoredKind('block_actions');
  return actionEvent(actions.data, sent, timeMs);
}

function commandEvent(command: z.infer<typeof slashCommand>, sent: JsonObject, timeMs: number): ReadEvent {
  const { text, user_id, team_id, channel_id, trigger_id } = command;
  return {
    outcome: 'read',
    event: {
      payload: {
        text,
        user_id,
        team_id: team_id ?? null,
        channel_id,
        thread_ts: null,
        event_id: trigger_id,
      },
      sent,
      files: [],
      replyTo: { channel_id, thread_ts: null },
      timeMs,
    },
  };
}

function actionEvent(clicked: z.infer<typeof blockActions>, sent: JsonObject, timeMs: number): ReadEvent {
  const { user, team, channel, container, actions, trigger_id } = clicked;
  const [action] = actions;
  const thread = container?.thread_ts ?? container?.message_ts ?? null;
  const channelId = channel?.id ?? null;
  return {
    outcome: 'read',
    event: {
      payload: {
        text: action?.value ?? action?.selected_option?.value ?? action?.action_id ?? '',
        user_id: user.id,
        team_id: team?.id ?? null,
        channel_id: channelId,
        thread_ts: thread,
        event_id: trigger_id,
      },
      sent,
      files: [],
      replyTo: channelId === null ? null : { channel_id: channelId, thread_ts: thread },
      timeMs,
    },
  };
}
