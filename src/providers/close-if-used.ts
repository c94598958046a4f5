import type { ConnectorType } from '../core/connectors/connector-type.ts';

type Sender<Message> = Required<Pick<ConnectorType<never, Message>, 'send' | 'close'>>;

/**
 * A type's `send` and `close` that load its client. A process that has sent nothing has nothing to close, and does not
 * load the client for that.
 */
export function closedIfUsed<Message>({ send, close }: Sender<Message>): Sender<Message> {
  let isUsed = false;
  return {
    send(message, context) {
      isUsed = true;
      return send(message, context);
    },
    async close() {
      if (isUsed) await close();
    },
  };
}
