import { followPages } from './follow-pages.ts';

followPages(['docs/connectors/eventbridge.md', 'docs/connectors/kafka.md']);
