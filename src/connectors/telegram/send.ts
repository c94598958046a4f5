import type { SendContext, Sent } from '../../core/connectors/connector-type.ts';
import { hideSecrets } from '../../core/redaction/hide-secrets.ts';
import { PartSender } from '../../providers/send-in-parts.ts';
import { splitText } from '../../providers/split-text.ts';
import { type BotCall, callBot } from './bot-api.ts';
import type { TelegramMessage } from './prepare.ts';
import { splitHtml } from './split-html.ts';

/** core.telegram.org/bots/api, "sendMessage". */
const longestText = 4_096;

const excerptCharacters = 1_000;

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
  if (!isUnreadable) return sentBy(sent, context);
  return sentBy(await callBot(message, 'sendMessage', { ...address, text }, context), context);
});

/** Sends a result, split into several messages if it is long. */
export async function send(message: TelegramMessage, context: SendContext): Promise<Sent> {
  if (message.address === null) return rejected(nowhere);
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

function sentBy(call: BotCall, { secrets }: SendContext): Sent {
  const excerpt = (text: string | null) => text && hideSecrets(text, secrets).slice(0, excerptCharacters);
  if (call.outcome === 'ok') {
    return { outcome: 'delivered', statusCode: 200, responseExcerpt: excerpt(call.text) };
  }
  const { status: statusCode, error, mayPass, retryAfterMs } = call;
  const answered = { statusCode, responseExcerpt: excerpt(call.text), error: hideSecrets(error, secrets) };
  return mayPass ? { outcome: 'failed', ...answered, retryAfterMs } : { outcome: 'rejected', ...answered };
}

function rejected(error: string): Sent {
  return { outcome: 'rejected', error, statusCode: null, responseExcerpt: null };
}
