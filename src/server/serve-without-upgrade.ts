import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';

/** Headers that only ask for another protocol. */
const askingHeaders = new Set(['upgrade', 'http2-settings']);

/**
 * Serves a request as if it had not asked for another protocol; a server may always ignore that (RFC 9110, section
 * 7.8). Java's HTTP client and curl ask for HTTP/2 with any first request. If a server listens for `upgrade`, Node
 * before 24 passes on every such request, its body unread; this puts it back without these headers. Later versions ask
 * first (`shouldUpgradeCallback`).
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

/** The header's value without the upgrade; `null` if nothing is left. */
function withoutAsking(name: string, value: string): string | null {
  if (askingHeaders.has(name)) return null;
  if (name !== 'connection') return value;
  const left = value.split(',').filter((option) => !askingHeaders.has(option.trim().toLowerCase()));
  return left.length === 0 ? null : left.join(',').trim();
}
