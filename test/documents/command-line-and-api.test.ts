import { followPages } from './follow-pages.ts';

followPages([
  'docs/cli.md',
  'docs/filters.md',
  'docs/api.md',
  'docs/connections.md',
  'docs/security.md',
  'docs/pausing.md',
  'docs/connectors-as-code.md',
]);
