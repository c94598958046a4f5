import type { SampledRequest, SampleRequestContext } from '../../core/connectors/connector-type.ts';
import { sampleText } from '../../providers/sample-text.ts';
import { presets } from '../../signatures/presets.ts';
import { signatureHeaders } from '../../signatures/request-signature.ts';

/** A signed request as Slack sends it. A payload becomes the text of a message that mentions the app. */
export function sampleRequest({
  connector,
  url,
  secrets,
  content,
  id,
  now,
}: SampleRequestContext): SampledRequest {
  const secret = secrets.config['signing_secret'];
  if (secret === undefined) {
    return { outcome: 'not-made', reason: `The signing secret of "${connector.name}" is never shown.` };
  }
  const body =
    content.kind === 'body' ? content.bytes : JSON.stringify(mention(sampleText(content.json), id, now));
  const contentType = content.kind === 'body' ? content.contentType : 'application/json';
  const headers = {
    'content-type': contentType,
    ...signatureHeaders(presets.slack.scheme, [secret], { body, now }),
  };
  return { outcome: 'made', request: { method: 'POST', url, headers, body }, isFixed: false };
}

/** An app_mention event. @param id unique @param now Unix ms */
export function mention(text: string, id: string, now: number) {
  const seconds = Math.floor(now / 1_000);
  const ts = `${(now / 1_000).toFixed(3)}100`;
  return {
    type: 'event_callback',
    team_id: 'T0000000001',
    api_app_id: 'A0000000001',
    event_id: `Ev${id}`,
    event_time: seconds,
    authorizations: [{ team_id: 'T0000000001', user_id: 'U0000000BOT', is_bot: true }],
    event: {
      type: 'app_mention',
      user: 'U0000000001',
      text: `<@U0000000BOT> ${text}`,
      ts,
      channel: 'C0000000001',
      event_ts: ts,
    },
  };
}
