interface Notice {
  /** Name of the connector. */
  to: string;
  message: Record<string, unknown>;
  wait?: boolean;
}

interface Sender {
  send_connector(name: string, message: object, options?: { wait?: boolean }): Promise<unknown>;
}

/** Sends a message, and returns what becomes of it. */
export async function notify({ to, message, wait = false }: Notice, context: Sender): Promise<unknown> {
  return context.send_connector(to, message, { wait });
}
