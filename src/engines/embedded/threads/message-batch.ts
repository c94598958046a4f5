/** Collects what is to be sent within one tick of the event loop: waking another thread costs more than a message. */
export class MessageBatch<Message> {
  readonly #post: (messages: readonly Message[]) => void;
  #messages: Message[] = [];

  /** @param post sends messages to the other thread, together */
  constructor(post: (messages: readonly Message[]) => void) {
    this.#post = post;
  }

  send(message: Message): void {
    if (this.#messages.length === 0) setImmediate(() => this.#flush());
    this.#messages.push(message);
  }

  #flush(): void {
    const messages = this.#messages;
    this.#messages = [];
    this.#post(messages);
  }
}
