import type { SendContext, Sent } from '../core/connectors/connector-type.ts';

/** A result, split into the parts that a provider accepts. */
export interface PartedMessage<Part> {
  readonly deliveryId: string;
  /** The account at the provider whose rate limits apply. */
  readonly account: string;
  readonly parts: readonly Part[];
}

type SendPart<Message> = (message: Message, index: number, context: SendContext) => Promise<Sent>;

/** Maximum number of deliveries whose sent parts are remembered; only an outage leaves more of them unfinished. */
const mostRemembered = 10_000;

/**
 * Sends messages part by part. A later attempt skips the parts that this process has already sent. While a provider
 * asks an account to wait, nothing is sent for that account.
 */
export class PartSender<Message extends PartedMessage<unknown>> {
  readonly #sendPart: SendPart<Message>;
  /** Number of parts sent, by delivery. */
  readonly #sent = new Map<string, number>();
  /** When each account may send again, in Unix ms. */
  readonly #waits = new Map<string, number>();

  /** @param sendPart sends one part; never throws because of the receiver or the network */
  constructor(sendPart: SendPart<Message>) {
    this.#sendPart = sendPart;
  }

  async send(message: Message, context: SendContext): Promise<Sent> {
    const { deliveryId, parts } = message;
    let last: Sent = nothingToSend;
    for (let index = this.#sent.get(deliveryId) ?? 0; index < parts.length; index++) {
      last = this.#waiting(message.account) ?? (await this.#sendPart(message, index, context));
      if (last.outcome !== 'delivered') return this.#failed(message, last);
      this.#sent.set(deliveryId, index + 1);
    }
    this.#sent.delete(deliveryId);
    return last;
  }

  #waiting(account: string): Sent | null {
    const waitMs = (this.#waits.get(account) ?? 0) - Date.now();
    if (waitMs <= 0) return null;
    const error = 'The provider has asked this account to wait before it sends more.';
    return { outcome: 'failed', error, retryAfterMs: waitMs, statusCode: null, responseExcerpt: null };
  }

  #failed({ deliveryId, account }: Message, sent: Sent): Sent {
    if (sent.outcome !== 'failed') this.#sent.delete(deliveryId);
    else if (sent.retryAfterMs > 0) this.#waits.set(account, Date.now() + sent.retryAfterMs);
    for (const [key] of this.#sent) {
      if (this.#sent.size <= mostRemembered) break;
      this.#sent.delete(key);
    }
    return sent;
  }
}

const nothingToSend: Sent = {
  outcome: 'rejected',
  error: 'The result has no text to send.',
  statusCode: null,
  responseExcerpt: null,
};
