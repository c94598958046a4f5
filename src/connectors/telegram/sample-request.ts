import type { SampledRequest, SampleRequestContext } from '../../core/connectors/connector-type.ts';
import { sampleText } from '../../providers/sample-text.ts';
import { sampleWithSecret } from '../../providers/sample-with-secret.ts';
import { secretHeader } from './receive.ts';

/** A request as Telegram sends it. A payload becomes the text of a message. */
export function sampleRequest(context: SampleRequestContext): SampledRequest {
  const { id, now } = context;
  return sampleWithSecret(context, secretHeader, (json) =>
    JSON.stringify(sampleUpdate(sampleText(json), id, now)),
  );
}

/** A message in a private chat. @param id unique; its last hexadecimal digits become the update ID */
export function sampleUpdate(text: string, id: string, now: number) {
  const user = { id: 111111111, first_name: 'Ada' };
  return {
    update_id: Number.parseInt(id.replaceAll('-', '').slice(-10) || '0', 16),
    message: {
      message_id: 1,
      date: Math.floor(now / 1_000),
      chat: { id: user.id, type: 'private', first_name: user.first_name },
      from: { ...user, is_bot: false },
      text,
    },
  };
}
