import type { Connector } from '../connectors/connector.ts';

/** The condition of a link; `null` if it has none. */
export function conditionOf({ conditions }: Pick<Connector, 'conditions'>, agentName: string): string | null {
  const links = conditions?.links ?? {};
  return Object.hasOwn(links, agentName) ? (links[agentName] ?? null) : null;
}

/** The links: names, with the condition of those that have one. */
export function linksOf(connector: Connector): (string | { name: string; when: string })[] {
  return connector.agents.map((name) => {
    const when = conditionOf(connector, name);
    return when === null ? name : { name, when };
  });
}
