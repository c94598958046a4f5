import type { Way } from '../../../core/connectors/ways.ts';

/** The ways that every deployment has, for every connector type. */
export const waysOfDeployments: ReadonlySet<Way> = new Set<Way>(['request', 'schedule', 'poll']);

/** The ways that a deployment has only if its settings enable them. */
export const waysOfSomeDeployments: readonly Way[] = ['mapping', 'rule', 'socket'];
