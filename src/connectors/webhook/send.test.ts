import { once } from 'node:events';
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createTcpServer, type Socket, type Server as TcpServer } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import type { SendContext } from '../../core/connectors/connector-type.ts';
import type { WebhookMessage } from './outbound-mode.ts';
import { send } from './send.ts';

const servers: (Server | TcpServer)[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) {
    if ('closeAllConnections' in server) server.closeAllConnections();
    server.close();
  }
});

async function listening(server: Server | TcpServer): Promise<number> {
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('the server has no port');
  return address.port;
}

async function receiver(listener: RequestListener): Promise<string> {
  return `http://127.0.0.1:${await listening(createServer(listener))}/hook?key=confidential-key`;
}

const confidential = ['confidential-key', 'confidential-signature', 'confidential-token', 'v1,confidential'];

function message(url: string, timeoutMs = 5_000): WebhookMessage {
  return {
    url,
    headers: {
      'content-type': 'application/json',
      authorization: 'Bearer confidential-token',
      'x-connic-signature': 'confidential-signature',
      'webhook-signature': 'v1,confidential',
    },
    body: '{"run_id":"a"}',
    timeoutMs,
  };
}

const context: SendContext = {
  signal: new AbortController().signal,
  allowPrivateTargets: true,
  secrets: ['whsec_Y29uZmlkZW50aWFsLXNlY3JldA=='],
};

async function answered(
  answer: (response: ServerResponse, request: IncomingMessage) => void,
  timeoutMs?: number,
) {
  const url = await receiver((request, response) => answer(response, request));
  return send(message(url, timeoutMs), context);
}

describe('what the receiver answers', () => {
  test.each([200, 201, 202, 204, 299])('%i: delivered', async (status) => {
    expect(await answered((response) => response.writeHead(status).end())).toMatchObject({
      outcome: 'delivered',
      statusCode: status,
      responseExcerpt: null,
    });
  });

  test.each([408, 409, 425, 429, 500, 502, 503, 504, 599])(
    '%i: failed, to be tried again',
    async (status) => {
      expect(await answered((response) => response.writeHead(status).end('why'))).toMatchObject({
        outcome: 'failed',
        error: `The receiver responded with ${status}.`,
        retryAfterMs: 0,
        statusCode: status,
        responseExcerpt: 'why',
      });
    },
  );

  test.each([400, 401, 403, 404, 405, 413, 422, 451])('%i: rejected', async (status) => {
    expect(await answered((response) => response.writeHead(status).end())).toMatchObject({
      outcome: 'rejected',
      error: `The receiver responded with ${status}.`,
    });
  });

  test('410: gone', async () => {
    expect(await answered((response) => response.writeHead(410).end())).toMatchObject({
      outcome: 'gone',
      error: 'The receiver responded with 410.',
      statusCode: 410,
    });
  });

  test.each([301, 302, 303, 307, 308, 304])('%i: rejected, and not followed', async (status) => {
    const paths: unknown[] = [];
    const sent = await answered((response, request) => {
      paths.push(request.url);
      response.writeHead(status, { location: '/elsewhere' }).end();
    });
    expect(sent).toMatchObject({
      outcome: 'rejected',
      error: `The receiver responded with ${status}; redirects are not followed.`,
    });
    expect(paths).toEqual(['/hook?key=confidential-key']);
  });

  test.each([
    ['100 Continue', 'HTTP/1.1 100 Continue\r\n\r\n'],
    ['102 Processing, twice', 'HTTP/1.1 102 Processing\r\n\r\n'.repeat(2)],
    ['103 Early Hints', 'HTTP/1.1 103 Early Hints\r\nLink: </a>; rel=preload\r\n\r\n'],
  ])('counts with its final status, whatever it says before unasked (%s)', async (_title, interim) => {
    const port = await listening(
      createTcpServer((socket) => {
        socket.once('data', () => socket.end(`${interim}HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok`));
      }),
    );
    expect(await send(message(`http://127.0.0.1:${port}/`), context)).toMatchObject({
      outcome: 'delivered',
      statusCode: 200,
      responseExcerpt: 'ok',
    });
  });

  test('that wants another protocol is a failed attempt, and nothing waits for it any longer', async () => {
    const answer = 'HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n';
    const port = await listening(
      createTcpServer((socket) => {
        socket.on('error', () => undefined).once('data', () => socket.write(answer));
      }),
    );
    expect(await send(message(`http://127.0.0.1:${port}/`), context)).toMatchObject({
      outcome: 'failed',
      error: 'The receiver responded with 101, a switch to another protocol than HTTP.',
    });
  });

  test('asks for a later attempt by Retry-After', async () => {
    const sent = await answered((response) => response.writeHead(429, { 'retry-after': '120' }).end());
    expect(sent).toMatchObject({ outcome: 'failed', retryAfterMs: 120_000 });
  });
});

describe('the request', () => {
  test('is the message as it was prepared', async () => {
    let seen: unknown;
    await answered(async (response, request) => {
      const chunks = await Array.fromAsync(request);
      const { method, headers } = request;
      seen = { method, body: Buffer.concat(chunks).toString(), type: headers['content-type'] };
      response.end();
    });
    expect(seen).toEqual({ method: 'POST', body: '{"run_id":"a"}', type: 'application/json' });
  });
});

describe('the excerpt of an answer', () => {
  test('is its first 1,000 characters; an endless answer is not read on', async () => {
    const sent = await answered((response) => {
      const write = () => {
        while (response.write('ü'.repeat(10_000)));
        response.once('drain', write);
      };
      write();
    });
    expect(sent).toMatchObject({ outcome: 'delivered', responseExcerpt: 'ü'.repeat(1_000) });
  });

  test('is what came where the answer breaks off', async () => {
    const sent = await answered((response) => {
      response.writeHead(500, { 'content-length': '100' }).write('half', () => response.destroy());
    });
    expect(sent).toMatchObject({ outcome: 'failed', statusCode: 500, responseExcerpt: 'half' });
  });

  test('of an answer that never ends is taken at the timeout', async () => {
    const sent = await answered((response) => response.writeHead(200).write('begun'), 2_000);
    expect(sent).toMatchObject({ outcome: 'delivered', responseExcerpt: 'begun' });
  });

  test('hides signatures and credentials that the receiver echoes', async () => {
    const sent = await answered((response, request) =>
      response.writeHead(400).end(JSON.stringify(request.headers)),
    );
    for (const text of confidential.slice(1)) expect(sent.responseExcerpt).not.toContain(text);
    expect(sent.responseExcerpt).toContain('[redacted]');
  });
});

describe('what a receiver echoes of the credentials that it was sent', () => {
  const basic = Buffer.from('ada:pa55-w%rd').toString('base64');
  const sent: Partial<WebhookMessage> = {
    headers: {
      authorization: 'Bearer abc-123',
      'x-api-key': 'key-of-the-receiver',
      'x-environment': 'production',
      'x-connic-signature': '0f'.repeat(32),
      'webhook-signature': 'v1,Zmlyc3Qtc2lnbmF0dXJl v1,c2Vjb25kLXNpZ25hdHVyZQ==',
    },
  };
  const excerpt = async (text: string, headers: Partial<WebhookMessage> = {}) => {
    const url = await receiver((_request, response) => response.writeHead(400).end(text));
    return (await send({ ...message(url), ...sent, ...headers }, context)).responseExcerpt;
  };

  test.each([
    ['what follows Bearer', 'token=abc-123', 'token=[redacted]'],
    ['the whole header', 'got "Bearer abc-123"', 'got "[redacted]"'],
    ['one signature of a rotation', 'expected v1,c2Vjb25kLXNpZ25hdHVyZQ==', 'expected [redacted]'],
    ['a signature without its version', '"c2Vjb25kLXNpZ25hdHVyZQ=="', '"[redacted]"'],
    ['the signature of X-Connic-Signature', `hex ${'0f'.repeat(32)}`, 'hex [redacted]'],
    ['a configured header that is a credential', 'no key-of-the-receiver', 'no [redacted]'],
    ['the secret', 'whsec_Y29uZmlkZW50aWFsLXNlY3JldA==', '[redacted]'],
    ['the secret without its prefix', 'Y29uZmlkZW50aWFsLXNlY3JldA==', '[redacted]'],
    ['a credential in Base64', Buffer.from('x key-of-the-receiver').toString('base64'), 'eCB[redacted]'],
    ['nothing else', 'Bearer of production, v1', 'Bearer of production, v1'],
  ])('is not kept: %s', async (_what, answer, kept) => {
    expect(await excerpt(answer)).toBe(kept);
  });

  test('is not kept: user and password of Basic, and the password alone', async () => {
    const headers = { authorization: `Basic ${basic}` };
    const answer = `${basic} is ada:pa55-w%rd, pa55-w%rd, pa55-w%25rd`;
    expect(await excerpt(answer, { headers })).toBe('[redacted] is [redacted], [redacted], [redacted]');
  });

  test('is not kept in part where the answer is cut', async () => {
    const answer = `${'key-of-the-receiver '.repeat(250)}`;
    expect(await excerpt(answer)).not.toMatch(/key/);
  });
});

describe('an attempt without an answer', () => {
  test.each([
    [
      'hangs',
      (socket: Socket) => void socket.resume(),
      'The receiver did not respond within 0.3 seconds.',
      300,
    ],
    [
      'hangs up',
      (socket: Socket) => void socket.destroy(),
      'The receiver closed the connection before it responded.',
    ],
    [
      'resets',
      (socket: Socket) => void socket.resetAndDestroy(),
      'The receiver closed the connection before it responded.',
    ],
    [
      'speaks no HTTP',
      (socket: Socket) => void socket.end('SSH-2.0\r\n'),
      'The receiver responded with something that is not HTTP.',
    ],
  ])('fails where the receiver %s', async (_what, onConnection, error, timeoutMs = 30_000) => {
    const port = await listening(createTcpServer(onConnection));
    expect(await send(message(`http://127.0.0.1:${port}/?key=confidential-key`, timeoutMs), context)).toEqual(
      {
        outcome: 'failed',
        error,
        retryAfterMs: 0,
        statusCode: null,
        responseExcerpt: null,
      },
    );
  });

  test('fails where nothing listens', async () => {
    const server = createServer();
    const port = await listening(server);
    server.close();
    const sent = await send(message(`http://127.0.0.1:${port}/`), context);
    expect(sent).toMatchObject({ outcome: 'failed', error: 'The receiver refused the connection.' });
  });

  test('fails where the host name is not known', async () => {
    const sent = await send(message('http://no-such-host.invalid/'), context);
    expect(sent).toMatchObject({
      outcome: 'failed',
      error: expect.stringMatching(/^The receiver's host name/),
    });
  });

  test('fails where the receiver offers no secure connection', async () => {
    const url = (await receiver((_request, response) => response.end())).replace('http:', 'https:');
    const sent = await send(message(url), context);
    expect(sent).toMatchObject({ outcome: 'failed', error: expect.stringContaining('TLS connection') });
  });

  test('ends when the process stops', async () => {
    const stopping = new AbortController();
    const url = await receiver(() => stopping.abort());
    const sent = await send(message(url), { ...context, signal: stopping.signal });
    expect(sent).toMatchObject({ outcome: 'failed', statusCode: null });
  });

  test('never tells the query or a credential', async () => {
    for (const url of [
      'http://127.0.0.1:1/?key=confidential-key',
      'https://10.0.0.1/?key=confidential-key',
    ]) {
      const sent = await send(message(url), { ...context, allowPrivateTargets: false });
      for (const text of confidential) expect(JSON.stringify(sent)).not.toContain(text);
    }
  });
});

describe('a target that is not public', () => {
  const strict: SendContext = { ...context, allowPrivateTargets: false };
  const privateAddress =
    'The target has a loopback or private address, which ALLOW_PRIVATE_TARGETS does not allow.';
  const specialAddress = 'The target has a special-purpose address, which is always blocked.';

  test.each([
    ['https://127.0.0.1/', privateAddress],
    ['https://2130706433/', privateAddress],
    ['https://0x7f.1/', privateAddress],
    ['https://[::1]/', privateAddress],
    ['https://[::ffff:10.0.0.1]/', privateAddress],
    ['https://[64:ff9b::7f00:1]/', privateAddress],
    ['https://localhost/', privateAddress],
    ['http://example.com/', 'The target must use https. ALLOW_PRIVATE_TARGETS=1 allows plain http.'],
  ])('%s is tried again: the next start may allow it', async (url, error) => {
    expect(await send(message(url), strict)).toEqual({
      outcome: 'failed',
      error,
      retryAfterMs: 0,
      statusCode: null,
      responseExcerpt: null,
    });
  });

  test.each([
    ['https://169.254.169.254/latest/meta-data/', specialAddress],
    ['http://169.254.169.254/latest/meta-data/', specialAddress],
    ['https://[fe80::1]/', specialAddress],
    ['https://0.0.0.0/', specialAddress],
    ['https://user:password@example.com/', 'The target URL contains a user name or password.'],
    ['ftp://example.com/', 'The target must use https.'],
  ])('%s is rejected for good: no setting allows it', async (url, error) => {
    expect(await send(message(url), strict)).toMatchObject({ outcome: 'rejected', error, statusCode: null });
  });

  test('is never connected to', async () => {
    let connections = 0;
    const port = await listening(createTcpServer(() => connections++));
    for (const host of ['127.0.0.1', 'localhost']) await send(message(`https://${host}:${port}/`), strict);
    expect(connections).toBe(0);
  });

  test.each(['http://169.254.169.254/', 'http://0.0.0.0/', 'http://224.0.0.1/'])(
    '%s is rejected even where private targets are allowed',
    async (url) => {
      expect(await send(message(url), context)).toMatchObject({ outcome: 'rejected', error: specialAddress });
    },
  );

  test('is reached by name where private targets are allowed', async () => {
    const url = (await receiver((_request, response) => response.end())).replace('127.0.0.1', 'localhost');
    expect(await send(message(url), context)).toMatchObject({ outcome: 'delivered' });
  });

  test('is reached in the ranges that the operator lists, and nowhere else', async () => {
    const url = await receiver((_request, response) => response.end());
    const listed = { ...context, allowPrivateTargets: ['127.0.0.1/32'] };
    expect(await send(message(url), listed)).toMatchObject({ outcome: 'delivered' });
    const others = { ...context, allowPrivateTargets: ['10.0.0.0/8'] };
    expect(await send(message(url), others)).toMatchObject({ outcome: 'failed', error: privateAddress });
  });
});
