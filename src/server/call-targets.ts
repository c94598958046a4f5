import { connectorPrefix } from '../core/connectors/connector-path.ts';

/** Connectors to remember; beyond that, the oldest entry is forgotten. */
const maxKnown = 1_000;

/**
 * Tells the target of a request, for fair shares of the server. A connector is a target of its own once it has taken a
 * request. Invented ids are one target, together with all other paths.
 */
export class CallTargets {
  readonly #known = new Set<string>();

  /** Remembers a connector that has taken a request. */
  add(connectorId: string): void {
    if (this.#known.has(connectorId)) return;
    if (this.#known.size >= maxKnown) this.#known.delete(this.#known.values().next().value ?? '');
    this.#known.add(connectorId);
  }

  /** @param target the request target as received */
  of(target: string): string {
    if (!target.startsWith(connectorPrefix)) return '';
    const end = target.slice(connectorPrefix.length).search(/[/?]/);
    const connectorId = target.slice(
      connectorPrefix.length,
      end === -1 ? undefined : connectorPrefix.length + end,
    );
    return this.#known.has(connectorId) ? connectorId : '';
  }
}
