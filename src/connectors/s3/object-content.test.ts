import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type LocalServer, serveLocally } from '../../../test/local-server.ts';
import { RetryableError } from '../../core/errors.ts';
import { inboundConfigOf } from './inbound-config.ts';
import { readContent } from './object-content.ts';
import type { ObjectEvent } from './object-event.ts';

/* A compatible server that does not tell how long an object is. */

const bytesPerMb = 1_048_576;
let server: LocalServer;
let isRead = false;

beforeAll(async () => {
  server = await serveLocally(async (request, response) => {
    const mb = request.url?.includes('large') === true ? 40 : 1;
    response.on('finish', () => {
      isRead = true;
    });
    for (let n = 0; n < mb && !response.destroyed; n++) {
      if (!response.write(Buffer.alloc(bytesPerMb, 'a'))) {
        await new Promise<void>((done) => response.once('drain', done).once('close', done));
      }
    }
    response.end();
  });
});
afterAll(() => server.stop());

function read(key: string, hold?: (bytes: number) => void) {
  const config = inboundConfigOf({
    bucket: 'uploads',
    endpoint: server.url,
    access_key_id: 'AKIAIOSFODNN7EXAMPLE',
    include_content: true,
    max_file_size_mb: 1,
  });
  const event: ObjectEvent = {
    ...{ bucket: 'uploads', key, size: null, etag: null, name: 'ObjectCreated:Put', time: '', source: '' },
    ...{ region: '', requestId: null, sourceIp: null, sequencer: null, versionId: null },
  };
  const secrets = { secret_access_key: 'a secret' };
  return readContent({ config, secrets, privateTargets: true, hold }, event);
}

test('an object of unknown length is read up to the limit', async () => {
  expect(await read('small.txt')).toMatchObject({ outcome: 'read', content: { size_bytes: bytesPerMb } });
  isRead = false;
  expect(await read('large.txt')).toEqual({
    outcome: 'left-out',
    warning: 'The content of "large.txt" is left out: it is larger than 1 MB (max_file_size_mb).',
  });
  expect(isRead).toBe(false);
});

test('an object for which there is no memory now is read later', async () => {
  const full = new RetryableError('no memory');
  const hold = () => {
    throw full;
  };
  await expect(read('small.txt', hold)).rejects.toBe(full);
});
