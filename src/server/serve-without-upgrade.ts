import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';

/** What asks for another protocol, and is about nothing else. */
const askingHeaders = new Set(['upgrade', 'http2-settings']);

/**
 * Serves a request as if it had not asked to change the protocol, which a server may always do (RFC 9110, section 7.8).
 * Java's HTTP client and curl ask for HTTP/2 with their first request, whatever it is. With a listener for `upgrade`,
 * Node before 24 hands over every such request, its body unread: it is given back without the question. Later ones ask
 * before (`shouldUpgradeCallback`).
 */
export function serveWithoutUpgrade(
  server: Server,
  request: IncomingMessage,
  socket: Socket,
  head: Buffer,
): void {
  const { method = 'GET', url = '/', httpVersion, rawHeaders } = request;
  const lines = [`${method} ${url} HTTP/${httpVersion}`];
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] ?? '';
    const value = withoutAsking(name.toLowerCase(), rawHeaders[at + 1] ?? '');
    if (value !== null) lines.push(`${name}: ${value}`);
  }
  socket.unshift(Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), head]));
  server.emit('connection', socket);
}

/** The header's value without the question; `null` where nothing is left of it. */
function withoutAsking(name: string, value: string): string | null {
  if (askingHeaders.has(name)) return null;
  if (name !== 'connection') return value;
  const left = value.split(',').filter((option) => !askingHeaders.has(option.trim().toLowerCase()));
  return left.length === 0 ? null : left.join(',').trim();
}
