import type { Way } from '../../../core/connectors/ways.ts';

/** The ways that a process of its own has, for every connector type. */
export const waysOfProcess: ReadonlySet<Way> = new Set<Way>([
  'request',
  'schedule',
  'poll',
  'listen',
  'socket',
]);
