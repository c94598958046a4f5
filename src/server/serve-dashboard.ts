import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { type PageSettings, pageSettingsPath } from '../api/contract/page-settings.ts';
import { answer, answerError } from './answer.ts';
import {
  type ContentCoding,
  type DashboardFile,
  type DashboardFiles,
  readDashboardFiles,
} from './dashboard-files.ts';
import { dashboardHeaders } from './dashboard-headers.ts';
import { missingDashboardPage } from './missing-dashboard-page.ts';

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
