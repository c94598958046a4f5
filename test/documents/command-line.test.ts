import { followPages } from './follow-pages.ts';

followPages(['docs/cli.md', 'docs/filters.md']);
