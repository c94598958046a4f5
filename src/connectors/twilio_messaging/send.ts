import type { SendContext, Sent } from '../../core/connectors/connector-type.ts';
import { PartSender } from '../../providers/send-in-parts.ts';
import { notSent, sentByCall } from '../../providers/sent-by-call.ts';
import { splitText } from '../../providers/split-text.ts';
import type { TwilioMessage } from './prepare.ts';
import { callTwilio } from './twilio-call.ts';

/** twilio.com/docs/messaging/api/message-resource, "Create a Message": `Body`. */
const longestText = 1_600;

type Form = Readonly<Record<string, string>>;

interface PartedMessage extends TwilioMessage {
  readonly parts: readonly Form[];
}

const sender = new PartSender<PartedMessage>(async (message, index, context) => {
  const form = new URLSearchParams(message.parts[index]);
  return sentByCall(await callTwilio(message, '/Messages.json', form, context), context);
});

/** Sends a result, split into several messages if it is long. */
export async function send(message: TwilioMessage, context: SendContext): Promise<Sent> {
  const { parameters, text } = message;
  if (typeof parameters === 'string') return notSent(parameters);
  const texts = splitText(text, longestText);
  const parts = 'ContentSid' in parameters ? [parameters] : texts.map((Body) => ({ ...parameters, Body }));
  return sender.send({ ...message, parts }, context);
}
