import { hash } from 'node:crypto';

/** Longest function name that every provider accepts. */
const maxNameLength = 64;

/** Converts names of a project's tools to names that providers accept (no dots), and back. */
export interface ToolNames {
  /** `orders.findOrder` -> `orders__findOrder`. */
  wireName(name: string): string;
  /** `orders__findOrder` -> `orders.findOrder`; an unknown name stays unchanged. */
  projectName(wireName: string): string;
}

/** Maps the names of tools so that no two collide and each can be mapped back exactly. */
export function toolNames(names: readonly string[]): ToolNames {
  const wireNames = new Map<string, string>();
  const projectNames = new Map<string, string>();
  for (const name of names) {
    const plain = plainWireName(name);
    const wireName =
      plain.length > maxNameLength || projectNames.has(plain) ? hashedName(name, plain) : plain;
    wireNames.set(name, wireName);
    projectNames.set(wireName, name);
  }
  return {
    wireName: (name) => wireNames.get(name) ?? plainWireName(name),
    projectName: (wireName) => projectNames.get(wireName) ?? wireName,
  };
}

/** The name with each dot as two underscores, and every other character that providers refuse as one. */
export function plainWireName(name: string): string {
  return name.replaceAll('.', '__').replaceAll(/[^A-Za-z0-9_-]/g, '_');
}

function hashedName(name: string, plain: string): string {
  const digest = hash('sha256', name, 'hex').slice(0, 8);
  return `${plain.slice(0, maxNameLength - digest.length - 1)}_${digest}`;
}
