import { readdir, readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname, join, relative, sep } from 'node:path';
import { type PageSettings, pageSettingsPath } from '../api/contract/page-settings.ts';
import { answer, answerError } from './answer.ts';
import { dashboardHeaders } from './dashboard-headers.ts';

/** Output folder of `npm ci` (and `npm run dashboard`). */
export const dashboardFolder = join(import.meta.dirname, '../../dist/dashboard');

/** First path segments of the dashboard's own pages. All of them, like `/`, get the same document. */
const pageNames: ReadonlySet<string> = new Set([
  'agents',
  'budgets',
  'connections',
  'connectors',
  'connectors-as-code',
  'runs',
  'deliveries',
  'triggers',
  'refused-requests',
  'dead-letters',
  'settings',
]);

/** The API's own server serves the page, so they share an origin under any host name. */
const pageSettings: PageSettings = { sign_in: { way: 'token' }, base_url: null };

/** Answers a request whose path belongs to the dashboard; otherwise returns `false` and does nothing. */
export type ServeDashboard = (request: IncomingMessage, response: ServerResponse, path: string) => boolean;

/** Serves the built dashboard. Reads its files at the first request, and keeps them. */
export function serveDashboard(folder: string = dashboardFolder): ServeDashboard {
  let reading: Promise<DashboardFiles> | undefined;
  return (request, response, path) => {
    if (path === pageSettingsPath) {
      answerSettings(request, response);
      return true;
    }
    const isPage = path === '/' || pageNames.has(path.split('/')[1] ?? '');
    if (!isPage && !isFilePath(path)) return false;
    reading ??= readDashboardFiles(folder);
    reading.then(
      (files) => answerFile(request, response, isPage ? '/index.html' : path, files),
      () => answerError(response, 500, 'internal-error', 'Cannot read the dashboard files.'),
    );
    return true;
  };
}

function answerSettings(request: IncomingMessage, response: ServerResponse): void {
  const headers = { ...dashboardHeaders(), 'content-type': 'application/json', 'cache-control': 'no-cache' };
  if (isRead(request)) answer(response, 200, headers, JSON.stringify(pageSettings));
  else refuseMethod(request, response);
}

function isRead({ method }: IncomingMessage): boolean {
  return method === 'GET' || method === 'HEAD';
}

function refuseMethod({ method }: IncomingMessage, response: ServerResponse): void {
  const detail = `This path supports GET, not ${method}.`;
  answerError(response, 405, 'method-not-allowed', detail, { allow: 'GET, HEAD' });
}

function isFilePath(path: string): boolean {
  return path.startsWith('/assets/') || path === '/favicon.svg' || path === '/color-scheme.js';
}

function answerFile(
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
  files: DashboardFiles,
): void {
  const file = files.get(path);
  if (!isRead(request)) refuseMethod(request, response);
  else if (file !== undefined) sendFile(request, response, file);
  else if (path === '/index.html') sendMissing(response);
  else answerError(response, 404, 'not-found', 'The dashboard has no such file.');
}

function sendFile(request: IncomingMessage, response: ServerResponse, file: DashboardFile): void {
  const coding = codingFor(request, file);
  const body = file.bodies[coding] ?? file.bodies.identity;
  response.writeHead(200, {
    ...dashboardHeaders(),
    'content-type': file.contentType,
    'content-length': body.length,
    'cache-control': file.isImmutable ? 'public, max-age=31536000, immutable' : 'no-cache',
    vary: 'accept-encoding',
    ...(coding !== 'identity' && { 'content-encoding': coding }),
  });
  response.end(request.method === 'HEAD' ? undefined : body);
}

/** The smallest encoding that the browser accepts. */
function codingFor({ headers }: IncomingMessage, { bodies }: DashboardFile): ContentCoding {
  const accepted = acceptedCodings(headers['accept-encoding'] ?? '');
  const compressed = (['br', 'gzip'] as const).find((coding) => accepted.has(coding) && bodies[coding]);
  return compressed ?? 'identity';
}

function acceptedCodings(header: string): ReadonlySet<string> {
  const offers = header.split(',').map((offer) => offer.trim().split(/\s*;\s*q=/));
  return new Set(offers.filter(([, quality]) => Number(quality ?? 1) > 0).map(([name]) => name ?? ''));
}

function sendMissing(response: ServerResponse): void {
  const body = Buffer.from(missingDashboardPage);
  response.writeHead(503, {
    ...dashboardHeaders(),
    'content-type': 'text/html; charset=utf-8',
    'content-length': body.length,
    'cache-control': 'no-store',
  });
  response.end(body);
}

/** One file of the built dashboard, as it is sent. */
interface DashboardFile {
  readonly contentType: string;
  /** Its name contains a digest of its content, so it never changes. */
  readonly isImmutable: boolean;
  /** Bytes by content coding; `identity` is always present. */
  readonly bodies: Readonly<Partial<Record<ContentCoding, Buffer>>> & { readonly identity: Buffer };
}

type ContentCoding = 'br' | 'gzip' | 'identity';

/** The dashboard's files by their path below the server's root; empty if it was not built. */
type DashboardFiles = ReadonlyMap<string, DashboardFile>;

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

/** The build's folder for files whose names contain a digest. */
const immutableFolder = '/assets/';

/**
 * Reads the output of `npm run dashboard`, with the compressed forms of each file. Files of unknown kinds, such as the
 * build's own manifest, are not served.
 *
 * @param folder of the build
 */
async function readDashboardFiles(folder: string): Promise<DashboardFiles> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const known = new Set(paths);
  const served = paths.filter((path) => extname(path) in contentTypes);
  return new Map(
    await Promise.all(
      served.map(
        async (path) => [urlPathOf(folder, path), await readDashboardFile(folder, path, known)] as const,
      ),
    ),
  );
}

async function readDashboardFile(
  folder: string,
  path: string,
  known: ReadonlySet<string>,
): Promise<DashboardFile> {
  const [identity, br, gzip] = await Promise.all([
    readFile(path),
    known.has(`${path}.br`) ? readFile(`${path}.br`) : undefined,
    known.has(`${path}.gz`) ? readFile(`${path}.gz`) : undefined,
  ]);
  return {
    contentType: contentTypes[extname(path)] ?? 'application/octet-stream',
    isImmutable: urlPathOf(folder, path).startsWith(immutableFolder),
    bodies: { identity, ...(br && { br }), ...(gzip && { gzip }) },
  };
}

function urlPathOf(folder: string, path: string): string {
  return `/${relative(folder, path).split(sep).join('/')}`;
}

/** The page shown if the dashboard was not built. */
const missingDashboardPage = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Agent Connectors</title>
</head>
<body>
<h1>The engine is running, but the dashboard is not built</h1>
<p>Run this command in the product's folder, restart, and reload this page:</p>
<pre>npm run dashboard</pre>
<p>Everything else works: the command line (<code>npx connectors --help</code>), the connectors, and the
<a href="/api/v1/openapi.json">API</a>.</p>
</body>
</html>
`;
