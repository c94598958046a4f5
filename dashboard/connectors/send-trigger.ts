import type { WireSampleRequest } from '../../src/api/contract/connector.ts';
import { isSocketUrl } from '../../src/api/contract/instructions.ts';

/** The answer that a connector's caller gets. */
export interface TriggerAnswer {
  readonly status: number;
  readonly body: string;
  readonly runIds: readonly string[];
}

const loopbackNames: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);

/**
 * The URL at which the page can call a connector: the connector's own on the same origin; the page's origin if that
 * forwards what lies below `baseUrl`, or if both hosts are loopback names on the same port. Otherwise `null`, because
 * the browser allows no other.
 */
export function reachableUrl(url: string, page: string, baseUrl: string | null): string | null {
  if (isSocketUrl(url)) {
    const asRequest = reachableUrl(url.replace(/^ws/, 'http'), page, baseUrl);
    return asRequest?.replace(/^http/, 'ws') ?? null;
  }
  const target = new URL(url);
  const here = new URL(page);
  if (target.origin === here.origin) return url;
  if (baseUrl !== null && url.startsWith(`${baseUrl}/`)) return here.origin + url.slice(baseUrl.length);
  const isSameServer =
    target.port === here.port && [target, here].every(({ hostname }) => loopbackNames.has(hostname));
  return isSameServer ? here.origin + target.pathname : null;
}

/** Calls a connector like its callers. */
export async function sendTrigger({ url, method, headers, body }: WireSampleRequest): Promise<TriggerAnswer> {
  const response = await fetch(url, { method, headers, body, cache: 'no-store' });
  const text = await response.text();
  return { status: response.status, body: formatted(text), runIds: runIdsIn(text) };
}

function formatted(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

/** The run IDs in an answer: inbound (`run_ids`) or sync (`run_id`). */
export function runIdsIn(text: string): string[] {
  const ids = text.match(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g) ?? [];
  return [...new Set(ids)];
}
