import { useState } from 'react';
import { agentOf } from '../../src/api/contract/agent-of-link.ts';
import type { ChangeConnectorBody, WireConnector } from '../../src/api/contract/connector.ts';
import { clearDraft, keepDraft, readDraft } from '../parts/use-draft.ts';

/** The conditions of a connector as texts; an empty one wants everything. */
export interface Conditions {
  readonly filter: string;
  /** Of every link, in link order, by the agent's name. */
  readonly links: Readonly<Record<string, string>>;
}

/** What somebody has typed and not saved. */
export interface TypedConditions {
  readonly filter?: string;
  readonly links: Readonly<Record<string, string>>;
}

export const nothingTyped: TypedConditions = { links: {} };

/**
 * Conditions that survive reloads, Back, and Esc until they are saved.
 *
 * @param key identifies them within the page
 */
export function useTypedConditions(key: string) {
  const [typed, setTyped] = useState((): TypedConditions => JSON.parse(readDraft(key) ?? '{"links":{}}'));
  const type = (next: TypedConditions) => {
    setTyped(next);
    if (next === nothingTyped) clearDraft(key);
    else keepDraft(key, JSON.stringify(next));
  };
  return [typed, type] as const;
}

/** The stored conditions, with what is typed in their place. */
export function conditionsOf({ filter, agents }: WireConnector, typed = nothingTyped): Conditions {
  const links = agents.map((link) => {
    const name = agentOf(link);
    return [name, typed.links[name] ?? (typeof link === 'string' ? '' : link.when)] as const;
  });
  return { filter: typed.filter ?? filter ?? '', links: Object.fromEntries(links) };
}

/** What was typed before, with what is typed now. */
export function withTyped(before: TypedConditions, { links, ...change }: TypedConditions): TypedConditions {
  return { ...before, ...change, links: { ...before.links, ...links } };
}

/** The change that saves conditions; `null` if they are stored already. Leaves the links alone if only the filter differs. */
export function changeTo(connector: WireConnector, conditions: Conditions): ChangeConnectorBody | null {
  const stored = conditionsOf(connector);
  const isFilterNew = conditions.filter.trim() !== stored.filter;
  const areLinksNew = Object.entries(conditions.links).some(
    ([name, when]) => when.trim() !== stored.links[name],
  );
  if (!isFilterNew && !areLinksNew) return null;
  const agents = Object.entries(conditions.links).map(([name, when]) => ({ name, when }));
  return { ...(isFilterNew && { filter: conditions.filter }), ...(areLinksNew && { agents }) };
}
