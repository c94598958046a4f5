import * as z from 'zod';
import { parseOnce } from '../../core/connectors/connector-config.ts';
import { outboundFilterFields } from '../../core/deliveries/plan-deliveries.ts';
import { apiUrl } from '../../providers/api-url.ts';
import { publicKeyPresets, publicKeyProblem } from '../../signatures/public-key.ts';

/** docs.discord.com, "Reference", "Snowflakes". */
const id = z.string().regex(/^\d{17,20}$/, 'A Discord ID has 17 to 20 digits.');

export const inboundConfig = z.strictObject({
  public_key: z
    .string()
    .max(256)
    .superRefine((text, context) => {
      const problem = publicKeyProblem(text, publicKeyPresets.discord.scheme.key);
      if (problem !== null) context.addIssue({ code: 'custom', message: `The public key ${problem}` });
    })
    .meta({
      title: 'Public key',
      description: 'From General Information of your application in the Discord Developer Portal.',
      examples: ['957802d5f0bdf7cfcc73ce29acea6f51a202621a34ed2f12ae4e6d3b26510c1a'],
    }),
  commands: z
    .array(
      z
        .string()
        .max(32)
        .regex(/^[^\s/]([^/]*[^\s/])?$/, 'Enter the name of a command, without a slash: ask.'),
    )
    .default([])
    .meta({
      title: 'Commands',
      description: 'Names of the commands that start runs. Empty: all.',
      examples: [['ask', 'orders']],
    }),
  ephemeral: z.boolean().default(false).meta({
    title: 'Answer in private',
    description: 'Only the person who used the command sees the answer.',
  }),
});

const storedInboundFields = inboundConfig.loose();

/** @throws ZodError where the stored configuration is not valid */
export const inboundConfigOf = parseOnce((config) => storedInboundFields.parse(config));

/** docs.discord.com, "Webhook Resource", "Execute Webhook"; `ptb` and `canary` are test versions of the app. */
const webhookUrl =
  /^https:\/\/(?:(?:ptb|canary)\.)?discord(?:app)?\.com\/api\/(?:v\d+\/)?webhooks\/(?<id>\d{17,20})\/(?<token>[\w-]+)$/;

const outboundFields = z.strictObject({
  application_id: id.exactOptional().meta({
    title: 'Application ID',
    description:
      'From General Information of your application. Results then answer the commands of this application.',
    examples: ['1234567890123456789'],
  }),
  webhook_url: z
    .string()
    .max(512)
    .regex(webhookUrl, 'Enter the URL of a webhook: https://discord.com/api/webhooks/…')
    .exactOptional()
    .meta({
      title: 'Webhook URL',
      description:
        "From Integrations > Webhooks in a channel's settings. Used for results that no command of this application started, or whose command is too old to answer.",
      secret: true,
    }),
  api_url: apiUrl('https://discord.com/api/v10'),
  ...outboundFilterFields,
});

export const outboundConfig = outboundFields.superRefine((given, context) => {
  if (given.application_id !== undefined || given.webhook_url !== undefined) return;
  const message = 'Enter the application ID, a webhook URL, or both.';
  context.addIssue({ code: 'custom', path: ['application_id'], message });
});

const storedOutboundFields = outboundFields.omit({ webhook_url: true }).loose();

/** The configuration as stored, without secret fields. @throws ZodError where it is not valid */
export const outboundConfigOf = parseOnce((config) => storedOutboundFields.parse(config));

export interface Webhook {
  readonly id: string;
  readonly token: string;
}

/** `null` for any other text. */
export function webhookOf(url: string): Webhook | null {
  const { id, token } = webhookUrl.exec(url)?.groups ?? {};
  return id === undefined || token === undefined ? null : { id, token };
}
