import { connectorPrefix } from '../core/connectors/connector-path.ts';

/** Connectors that are remembered; of more, those that were found first are forgotten. */
const maxKnown = 1_000;

/**
 * Tells what requests call, for fair shares of the server. A connector counts for itself once it has taken a request: ids
 * that somebody makes up are one target, as all other paths are.
 */
export class CallTargets {
  readonly #known = new Set<string>();

  /** Remembers a connector that has taken a request. */
  add(connectorId: string): void {
    if (this.#known.has(connectorId)) return;
    if (this.#known.size >= maxKnown) this.#known.delete(this.#known.values().next().value ?? '');
    this.#known.add(connectorId);
  }

  /** @param target of a request, as it came */
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
