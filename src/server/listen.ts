import { once } from 'node:events';
import type { Server } from 'node:http';
import { PermanentError, systemErrorCode } from '../core/errors.ts';

/**
 * Binds a server to its address.
 *
 * @param port 0 picks a free one
 * @returns the address, as `http://host:port`
 * @throws PermanentError `port-in-use`, `port-not-allowed` or `address-not-available`
 */
export async function listen(server: Server, host: string, port: number): Promise<string> {
  server.listen({ host, port });
  try {
    await once(server, 'listening');
  } catch (cause) {
    throw explain(cause, host, port);
  }
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new Error('The server is not listening on a port.');
  return urlOf(host, bound.port);
}

function explain(cause: unknown, host: string, port: number): unknown {
  switch (systemErrorCode(cause)) {
    case 'EADDRINUSE': {
      const message = `Port ${port} on ${host} is in use. Set PORT to another port; PORT=0 picks a free one.`;
      return new PermanentError('port-in-use', message, { cause });
    }
    case 'EACCES': {
      const message = `No permission to listen on port ${port}. Set PORT to a port above 1023.`;
      return new PermanentError('port-not-allowed', message, { cause });
    }
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN': {
      const message = `This machine has no address "${host}". Set HOST to one of its own, such as 127.0.0.1 or 0.0.0.0.`;
      return new PermanentError('address-not-available', message, { cause });
    }
    default:
      return cause;
  }
}

/** The URL of a server that listens there. @param host a name or an address */
export function urlOf(host: string, port: number): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
