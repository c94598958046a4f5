import type { Way } from '../../../core/connectors/ways.ts';

/** The ways in which a long-running process can receive events, for every connector type. */
export const waysOfProcess: ReadonlySet<Way> = new Set<Way>([
  'request',
  'schedule',
  'poll',
  'listen',
  'socket',
]);
