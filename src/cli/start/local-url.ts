const anyAddress = new Set(['0.0.0.0', '[::]']);
const loopback = new Set(['127.0.0.1', '::1', 'localhost']);

/** The address for a browser on this machine: a server that listens on all addresses is reached on loopback. */
export function localUrl(address: string): string {
  const url = new URL(address);
  if (anyAddress.has(url.hostname)) url.hostname = '127.0.0.1';
  return url.origin;
}

/** Whether other machines cannot reach a server on this host. */
export function isOnlyLocal(host: string): boolean {
  return loopback.has(host);
}
