import { followPages } from './follow-pages.ts';

followPages(['docs/connectors/webhook.md', 'docs/connectors/cron.md']);
