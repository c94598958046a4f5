import type { AnyConnectorType } from '../core/connectors/connector-type.ts';

/**
 * Every connector type by its name. To add one, create a folder beside this file and add a line here. The first type
 * that is called at a URL stands in for connectors that do not exist.
 */
export const typeLoaders: Readonly<Record<string, () => Promise<AnyConnectorType>>> = {
  webhook: async () => (await import('./webhook/index.ts')).webhook,
  websocket: async () => (await import('./websocket/index.ts')).websocket,
  kafka: async () => (await import('./kafka/index.ts')).kafka,
  eventbridge: async () => (await import('./eventbridge/index.ts')).eventbridge,
  sqs: async () => (await import('./sqs/index.ts')).sqs,
  s3: async () => (await import('./s3/index.ts')).s3,
  mcp: async () => (await import('./mcp/index.ts')).mcp,
  email: async () => (await import('./email/index.ts')).email,
  slack: async () => (await import('./slack/index.ts')).slack,
  telegram: async () => (await import('./telegram/index.ts')).telegram,
  discord: async () => (await import('./discord/index.ts')).discord,
  stripe: async () => (await import('./stripe/index.ts')).stripe,
  twilio_messaging: async () => (await import('./twilio_messaging/index.ts')).twilioMessaging,
  postgres: async () => (await import('./postgres/index.ts')).postgres,
  cron: async () => (await import('./cron/index.ts')).cron,
};
