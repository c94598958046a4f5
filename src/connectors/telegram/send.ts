import type { SendContext, Sent } from '../../core/connectors/connector-type.ts';
import { PartSender } from '../../providers/send-in-parts.ts';
import { notSent, sentByCall } from '../../providers/sent-by-call.ts';
import { splitText } from '../../providers/split-text.ts';
import { callBot } from './bot-api.ts';
import type { TelegramMessage } from './prepare.ts';
import { splitHtml } from './split-html.ts';

/** core.telegram.org/bots/api, "sendMessage". */
const longestText = 4_096;

interface Part {
  readonly text: string;
  readonly parse_mode?: string;
}

interface PartedMessage extends TelegramMessage {
  readonly parts: readonly Part[];
}

const sender = new PartSender<PartedMessage>(async (message, index, context) => {
  const { parts, address } = message;
  const { text = '', ...format } = parts[index] ?? {};
  const sent = await callBot(message, 'sendMessage', { ...address, text, ...format }, context);
  const isUnreadable = sent.outcome === 'error' && sent.description.includes("can't parse entities");
  if (!isUnreadable) return sentByCall(sent, context);
  return sentByCall(await callBot(message, 'sendMessage', { ...address, text }, context), context);
});

/** Sends a result, split into several messages if it is long. */
export async function send(message: TelegramMessage, context: SendContext): Promise<Sent> {
  if (message.address === null) return notSent(nowhere);
  return sender.send({ ...message, parts: partsOf(message) }, context);
}

function partsOf({ text, parseMode }: TelegramMessage): Part[] {
  const plain = () => splitText(text, longestText).map((part) => ({ text: part }));
  if (parseMode === 'none') return plain();
  if (text.length <= longestText) return plain().map((part) => ({ ...part, parse_mode: parseMode }));
  const html = parseMode === 'HTML' ? splitHtml(text, longestText) : null;
  return html?.map((part) => ({ text: part, parse_mode: parseMode })) ?? plain();
}

const nowhere =
  'The result names no chat_id, its run was not started by this bot, and the connector has no default chat.';
