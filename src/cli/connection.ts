import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { adminTokenFile } from '../server/admin-token.ts';
import { CliFailure } from './cli-failure.ts';
import { addressFile, defaultDataFolder } from './data-folder-files.ts';

/** Address of the running system, and the token for it. */
export interface Connection {
  /** Without a trailing slash. */
  readonly url: string;
  readonly token: string;
}

export interface ConnectionOptions {
  readonly url?: string | undefined;
  readonly token?: string | undefined;
}

const defaultUrl = 'http://127.0.0.1:4000';

/**
 * Finds the system: `--url`, else `CONNECTORS_URL`, else the address in the data folder, else the default address.
 * The token is `--token`, else `CONNECTORS_TOKEN`, else `ADMIN_TOKEN`, else the data folder's, which is sent only to
 * this machine.
 *
 * @throws CliFailure if the URL is not valid, or no token is known
 */
export function findConnection(options: ConnectionOptions, env: NodeJS.ProcessEnv): Connection {
  const dataFolder = env['DATA_DIR'] || defaultDataFolder;
  const url = options.url ?? (env['CONNECTORS_URL'] || readLine(join(dataFolder, addressFile)) || defaultUrl);
  const { base, isLocal } = parseBaseUrl(url);
  const given = options.token ?? (env['CONNECTORS_TOKEN'] || env['ADMIN_TOKEN'] || undefined);
  const token = given ?? (isLocal ? readLine(join(dataFolder, adminTokenFile)) : null);
  if (token) return { url: base, token };
  throw new CliFailure('failed', isLocal ? noLocalToken(dataFolder) : noTokenFor(base));
}

function noLocalToken(dataFolder: string): string {
  const hint = 'Start the system with "npm start", or set DATA_DIR, CONNECTORS_TOKEN or --token.';
  return `No access token found in ${dataFolder}. ${hint}`;
}

function noTokenFor(url: string): string {
  return `No access token for ${url}. Set CONNECTORS_TOKEN or --token.`;
}

function parseBaseUrl(text: string): { base: string; isLocal: boolean } {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !['http:', 'https:'].includes(url.protocol)) {
    throw new CliFailure(
      'usage',
      `"${text}" is not a valid URL. Use one such as ${defaultUrl} (--url, CONNECTORS_URL).`,
    );
  }
  const isLocal = ['127.0.0.1', '[::1]', 'localhost'].includes(url.hostname);
  return { base: url.origin + url.pathname.replace(/\/+$/, ''), isLocal };
}

/** The file's text without its line break; `null` if it cannot be read. */
function readLine(path: string): string | null {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return null;
  }
}
