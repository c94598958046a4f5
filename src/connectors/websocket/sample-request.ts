import type { SampledRequest, SampleRequestContext } from '../../core/connectors/connector-type.ts';
import { configOf } from './config.ts';

/** One message, over a connection of its own. The secret is in the URL, where browsers can send it. */
export function sampleRequest({ connector, url, secrets, content }: SampleRequestContext): SampledRequest {
  if (content.kind === 'body') return { outcome: 'not-made', reason: filesInMessages };
  const isOpen = !configOf(connector).require_auth;
  if (secrets.current === null && !isOpen) return { outcome: 'secret-needed' };
  const query = isOpen ? '' : `${url.includes('?') ? '&' : '?'}secret=${secrets.current}`;
  const body = `{"type":"message","payload":${content.json}}`;
  return {
    outcome: 'made',
    request: { method: 'GET', url: `${url}${query}`, headers: {}, body },
    isFixed: true,
  };
}

const filesInMessages =
  'A message of this connector contains its files: put them into the payload, as "files": [{"name", "mime_type", "data"}] with "data" in Base64.';
