import { followPages } from './follow-pages.ts';

// The accounts in these pages do not exist: their connectors are created, and fail to connect.
followPages([
  'docs/connectors/discord.md',
  'docs/connectors/email.md',
  'docs/connectors/mcp.md',
  'docs/connectors/postgres.md',
  'docs/connectors/s3.md',
  'docs/connectors/slack.md',
  'docs/connectors/sqs.md',
  'docs/connectors/stripe.md',
  'docs/connectors/telegram.md',
  'docs/connectors/twilio_messaging.md',
]);
