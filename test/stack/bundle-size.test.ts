import { checkBundles } from './check-bundles.ts';

checkBundles(['webhook', 'webhook-sync', 'events']);
