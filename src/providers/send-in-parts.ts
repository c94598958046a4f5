import type { SendContext, Sent } from '../core/connectors/connector-type.ts';

/** A result, split into the parts that a provider accepts. */
export interface PartedMessage<Part> {
  /** The account at the provider whose rate limits apply. */
  readonly account: string;
  readonly parts: readonly Part[];
}

type SendPart<Message> = (message: Message, index: number, context: SendContext) => Promise<Sent>;

/** An attempt starts no further part after this time, in ms: with the last part, it stays within its lease. */
const longestMs = 45_000;

/**
 * Sends messages part by part. A later attempt continues after the parts that earlier ones have sent. While a provider
 * asks an account to wait, nothing is sent for that account.
 */
export class PartSender<Message extends PartedMessage<unknown>> {
  readonly #sendPart: SendPart<Message>;
  readonly #clock: () => number;
  /** When each account may send again, in Unix ms. */
  readonly #waits = new Map<string, number>();

  /** @param sendPart sends one part; never throws because of the receiver or the network */
  constructor(sendPart: SendPart<Message>, clock: () => number = Date.now) {
    this.#sendPart = sendPart;
    this.#clock = clock;
  }

  async send(message: Message, context: SendContext): Promise<Sent> {
    const { account, parts } = message;
    const first = context.partsSent ?? 0;
    const startedAt = this.#clock();
    const isLate = () => this.#clock() - startedAt >= longestMs;
    let last: Sent = nothingToSend;
    for (let index = first; index < parts.length; index++) {
      const ended = index > first && (context.signal.aborted ? stopped : isLate() ? slow : null);
      const sent = ended || (this.#waiting(account) ?? (await this.#sendPart(message, index, context)));
      if (sent.outcome === 'failed') return { ...this.#noteWait(account, sent), partsSent: index };
      if (sent.outcome !== 'delivered') return sent;
      last = sent;
    }
    return last;
  }

  #waiting(account: string): Sent | null {
    const waitMs = (this.#waits.get(account) ?? 0) - this.#clock();
    return waitMs <= 0
      ? null
      : unfinished('The provider has asked this account to wait before it sends more.', waitMs);
  }

  #noteWait<Failed extends Sent & { readonly retryAfterMs: number }>(account: string, sent: Failed): Failed {
    if (sent.retryAfterMs > 0) this.#waits.set(account, this.#clock() + sent.retryAfterMs);
    return sent;
  }
}

function unfinished(error: string, retryAfterMs = 0): Sent & { readonly outcome: 'failed' } {
  return { outcome: 'failed', error, retryAfterMs, statusCode: null, responseExcerpt: null };
}

const stopped = unfinished(
  'The system stopped before it had sent all parts of the message. The next attempt continues.',
);
const slow = unfinished(
  `The provider did not take all parts of the message within ${longestMs / 1_000} seconds. The next attempt continues.`,
);

const nothingToSend: Sent = {
  outcome: 'rejected',
  error: 'The result has no text to send.',
  statusCode: null,
  responseExcerpt: null,
};
