import type { SendContext, Sent } from '../../core/connectors/connector-type.ts';
import { hideSecrets } from '../../core/redaction/hide-secrets.ts';
import { PartSender } from '../../providers/send-in-parts.ts';
import { splitText } from '../../providers/split-text.ts';
import type { TwilioMessage } from './prepare.ts';
import { callTwilio, type TwilioCall } from './twilio-call.ts';

/** twilio.com/docs/messaging/api/message-resource, "Create a Message": `Body`. */
const longestText = 1_600;

const excerptCharacters = 1_000;

type Form = Readonly<Record<string, string>>;

interface PartedMessage extends TwilioMessage {
  readonly parts: readonly Form[];
}

const sender = new PartSender<PartedMessage>(async (message, index, context) => {
  const form = new URLSearchParams(message.parts[index]);
  return sentBy(await callTwilio(message, '/Messages.json', form, context), context);
});

/** Sends a result, split into several messages if it is long. */
export async function send(message: TwilioMessage, context: SendContext): Promise<Sent> {
  const { parameters, text } = message;
  if (typeof parameters === 'string') return rejected(parameters);
  const texts = splitText(text, longestText);
  const parts = 'ContentSid' in parameters ? [parameters] : texts.map((Body) => ({ ...parameters, Body }));
  return sender.send({ ...message, parts }, context);
}

function sentBy(call: TwilioCall, { secrets }: SendContext): Sent {
  const excerpt = (text: string | null) => text && hideSecrets(text, secrets).slice(0, excerptCharacters);
  if (call.outcome === 'ok') {
    return { outcome: 'delivered', statusCode: call.status, responseExcerpt: excerpt(call.text) };
  }
  const { status: statusCode, error, mayPass, retryAfterMs } = call;
  const answered = { statusCode, responseExcerpt: excerpt(call.text), error: hideSecrets(error, secrets) };
  return mayPass ? { outcome: 'failed', ...answered, retryAfterMs } : { outcome: 'rejected', ...answered };
}

function rejected(error: string): Sent {
  return { outcome: 'rejected', error, statusCode: null, responseExcerpt: null };
}
