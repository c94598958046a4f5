import { applyPending } from '../../../core/connections/apply-connection.ts';
import { messageOf } from '../../../core/errors.ts';
import type { Engine } from '../../../core/ports/engine.ts';

/** How often to look for changes that could not be applied. */
const everyMs = 60_000;

/** Completes changes of connections: those that a crash cut short, and those that failed because of the store. */
export class PendingConnections {
  readonly #engine: Engine;
  #timer: NodeJS.Timeout | null = null;
  #applying: Promise<void> = Promise.resolve();

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  start(): void {
    this.#apply();
    this.#timer = setInterval(() => this.#apply(), everyMs).unref();
  }

  /** Resolves when no connector is being changed. */
  async stop(): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer);
    await this.#applying;
  }

  #apply(): void {
    this.#applying = this.#applying.then(() =>
      applyPending(this.#engine).catch((thrown: unknown) => {
        this.#engine.log.error('connections.not-applied', { reason: messageOf(thrown) });
      }),
    );
  }
}
