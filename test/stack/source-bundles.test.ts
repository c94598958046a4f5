import { checkBundles } from './check-bundles.ts';

checkBundles(['cron', 'kafka', 'rule-events']);
