import type { SampledRequest, SampleRequestContext } from '../../core/connectors/connector-type.ts';
import { sampleText } from '../../providers/sample-text.ts';
import { sampleWithSecret } from '../../providers/sample-with-secret.ts';
import { inboundConfigOf } from './config.ts';
import { kinds, snowflakeAt } from './interaction.ts';

/** A command as Discord sends it, with the connector's secret instead of Discord's signature. A payload becomes its text. */
export function sampleRequest(context: SampleRequestContext): SampledRequest {
  const { connector, id, now } = context;
  const [command = 'ask'] = inboundConfigOf(connector.config).commands;
  return sampleWithSecret(context, 'x-connic-secret', (json) =>
    JSON.stringify(sampleCommand(command, sampleText(json), id, now)),
  );
}

/** A command with one option. It has no token, so nobody can answer it. @param id unique @param now Unix ms */
export function sampleCommand(command: string, text: string, id: string, now: number) {
  return {
    id: snowflakeAt(now, Number.parseInt(id.replaceAll('-', '').slice(-6) || '0', 16)),
    application_id: '1234567890123456789',
    type: kinds.command,
    version: 1,
    channel_id: '1111111111111111111',
    guild_id: '2222222222222222222',
    member: { user: { id: '3333333333333333333', username: 'ada' } },
    data: {
      id: '4444444444444444444',
      name: command,
      type: 1,
      options: [{ name: 'text', type: 3, value: text }],
    },
  };
}
