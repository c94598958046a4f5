import type { SendContext, Sent } from '../../core/connectors/connector-type.ts';
import { PartSender } from '../../providers/send-in-parts.ts';
import { notSent, sentByCall } from '../../providers/sent-by-call.ts';
import { slackTexts } from './mrkdwn.ts';
import type { SlackMessage } from './prepare.ts';
import { callSlack } from './slack-call.ts';

/** One `chat.postMessage`. */
interface Post {
  readonly text: string;
  readonly blocks?: SlackMessage['blocks'];
}

interface Posts extends SlackMessage {
  readonly parts: readonly Post[];
}

const sender = new PartSender<Posts>(async (posts, index, context) => {
  const { address, apiUrl, botToken, parts } = posts;
  const parameters = {
    channel: address?.channel_id,
    ...(address?.thread_ts == null ? {} : { thread_ts: address.thread_ts }),
    ...parts[index],
  };
  return sentByCall(await callSlack({ apiUrl, botToken }, 'chat.postMessage', parameters, context), context);
});

/** Posts a result, split into several messages if it is long. */
export async function send(message: SlackMessage, context: SendContext): Promise<Sent> {
  if (message.address === null) return notSent(nowhere);
  return sender.send({ ...message, parts: partsOf(message) }, context);
}

function partsOf({ text, blocks }: SlackMessage): Post[] {
  const texts = slackTexts(text);
  if (blocks === null) return texts.map((part) => ({ text: part }));
  // In a message with blocks, the text serves notifications.
  return [{ blocks, text: texts[0] ?? '' }];
}

const nowhere =
  'The result names no channel_id, its run was not started from this Slack app, and the connector has no default channel.';
