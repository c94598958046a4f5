import type { SampledRequest, SampleRequestContext } from '../../core/connectors/connector-type.ts';
import { sampleText } from '../../providers/sample-text.ts';
import { presets } from '../../signatures/presets.ts';
import { parametersOf, signatureHeaders } from '../../signatures/request-signature.ts';
import { type Channel, channels, withPrefix } from './account-fields.ts';

/** A signed request as Twilio sends it. A payload becomes the text of a message. */
export function sampleRequest({
  connector,
  url,
  secrets,
  content,
  id,
}: SampleRequestContext): SampledRequest {
  const authToken = secrets.config['auth_token'];
  if (authToken === undefined) {
    return { outcome: 'not-made', reason: `The auth token of "${connector.name}" is never shown.` };
  }
  const channel = channels.find((known) => known === connector.config['channel']) ?? 'sms';
  const body =
    content.kind === 'body'
      ? Buffer.from(content.bytes).toString()
      : new URLSearchParams(sampleMessage(sampleText(content.json), id, channel)).toString();
  const headers = signedHeaders(url, body, authToken);
  return { outcome: 'made', request: { method: 'POST', url, headers, body }, isFixed: false };
}

/** The headers of a form that Twilio sends. */
export function signedHeaders(url: string, body: string, authToken: string): Record<string, string> {
  const parameters = parametersOf(body);
  const signature = signatureHeaders(presets.twilio.scheme, [authToken], { body, now: 0, url, parameters });
  return { 'content-type': 'application/x-www-form-urlencoded', ...signature };
}

/** Parameters of an incoming message. @param id unique */
export function sampleMessage(text: string, id: string, channel: Channel): Record<string, string> {
  return {
    MessageSid: `SM${id.replaceAll('-', '')}`,
    AccountSid: `AC${'0123456789abcdef'.repeat(2)}`,
    From: withPrefix(channel, '+15557654321'),
    To: withPrefix(channel, '+15551234567'),
    Body: text,
    NumMedia: '0',
    SmsStatus: 'received',
  };
}
