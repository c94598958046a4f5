import { isJsonObject, type JsonValue } from '../../core/json/json-value.ts';
import { shellWord } from './curl-command.ts';

/** A payload as the argument of a command: a plain message as its text, anything else as JSON. */
export function payloadArgument(payload: JsonValue): string {
  const isMessage = isJsonObject(payload) && Object.keys(payload).join() === 'message';
  const message = isMessage ? payload['message'] : null;
  const isText = typeof message === 'string' && /^[^\s{["@-]/.test(message);
  return shellWord(isText ? message : JSON.stringify(payload));
}
