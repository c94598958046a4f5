import type { GivenLink } from './connector.ts';

/** The name of a link's agent. */
export function agentOf(link: GivenLink): string {
  return typeof link === 'string' ? link : link.name;
}
