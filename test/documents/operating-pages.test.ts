import { followPages } from './follow-pages.ts';

followPages([
  'docs/api.md',
  'docs/connections.md',
  'docs/security.md',
  'docs/pausing.md',
  'docs/connectors-as-code.md',
]);
