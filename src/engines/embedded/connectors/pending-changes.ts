import { applyPending } from '../../../core/connections/apply-connection.ts';
import { messageRenewal } from '../../../core/deliveries/by-choice.ts';
import { messageOf } from '../../../core/errors.ts';
import type { Engine } from '../../../core/ports/engine.ts';

/** How often to look for changes that could not be made. */
const everyMs = 60_000;

/**
 * Completes changes of connectors: those of connections that a crash cut short, or that failed because of the store, and
 * those that come with a newer version of the product.
 */
export class PendingChanges {
  readonly #engine: Engine;
  readonly #renewMessages: () => Promise<void>;
  #timer: NodeJS.Timeout | null = null;
  #making: Promise<void> = Promise.resolve();

  constructor(engine: Engine) {
    this.#engine = engine;
    this.#renewMessages = messageRenewal(engine);
  }

  start(): void {
    this.#make();
    this.#timer = setInterval(() => this.#make(), everyMs).unref();
  }

  /** Resolves when no connector is being changed. */
  async stop(): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer);
    await this.#making;
  }

  #make(): void {
    this.#making = this.#making.then(async () => {
      await this.#try('connections.not-applied', () => applyPending(this.#engine));
      await this.#try('messages.not-renewed', this.#renewMessages);
    });
  }

  #try(event: string, change: () => Promise<void>): Promise<void> {
    return change().catch((thrown: unknown) => {
      this.#engine.log.error(event, { reason: messageOf(thrown) });
    });
  }
}
