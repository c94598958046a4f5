import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { eventually } from '../../test/scenarios/eventually.ts';
import { Admission, type AdmissionLimits, turnToRead, waitsForItsRun } from './admission.ts';

const undo: (() => void)[] = [];

afterEach(() => {
  for (const one of undo.splice(0)) one();
});

type Handle = (request: IncomingMessage, response: ServerResponse) => void;

/** A server that passes admitted requests to `handle`, and refuses the others with 503. */
async function serve(handle: Handle, limits: Partial<AdmissionLimits> = {}) {
  const admission = new Admission({ total: 1_000, perAddress: 1_000, ...limits });
  let arrived = 0;
  const server = createServer((request, response) => {
    arrived++;
    admission.admit(request, response, {
      target: request.url?.startsWith('/target') ? request.url : '',
      begin: () => handle(request, response),
      refuse: (detail) => response.writeHead(503).end(detail),
    });
  });
  undo.push(() => {
    server.closeAllConnections();
    server.close();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('The server has no port.');
  const { port } = address;
  const open = async (from = '127.0.0.1') => {
    const socket = connect({ port, host: '127.0.0.1', localAddress: from });
    let received = '';
    socket.setEncoding('utf8').on('data', (text) => {
      received += text;
    });
    undo.push(() => socket.destroy());
    await once(socket, 'connect');
    return { socket, received: () => received };
  };
  return Object.assign(open, { arrived: () => arrived });
}

/** Sends requests without waiting for the responses. */
function pipeline(socket: Socket, paths: readonly string[]): void {
  socket.write(paths.map((path) => `GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`).join(''));
}

function numbered(prefix: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `/${prefix}${index}`);
}

/** Holds requests unanswered; `answer` answers the oldest. */
function holding() {
  const held: { readonly path: string; readonly response: ServerResponse }[] = [];
  return {
    handle: ({ url = '' }: IncomingMessage, response: ServerResponse) =>
      void held.push({ path: url, response }),
    paths: () => held.map(({ path }) => path),
    answer: () => held.shift()?.response.end('done'),
  };
}

/** Answers immediately, after enough work to make a long turn of the event loop. */
function working(order: string[]): Handle {
  return ({ url = '' }, response) => {
    order.push(url);
    const until = performance.now() + 2;
    while (performance.now() < until);
    response.end(url);
  };
}

describe('a connection that sends requests without waiting for their answers', () => {
  test('gets all of them answered, in order, however many it sends', async () => {
    const open = await serve(({ url }, response) => void response.end(`<${url}>`));
    const { socket, received } = await open();
    const paths = numbered('', 500);
    pipeline(socket, paths);
    await eventually('the last answer', async () => received().includes('</499>'));
    expect(received().match(/<[^>]+>/g)).toEqual(paths.map((path) => `<${path}>`));
  });

  test('has eight of them in hand, and the next one as soon as one of these is answered', async () => {
    const held = holding();
    const open = await serve(held.handle);
    pipeline((await open()).socket, numbered('a', 20));
    await eventually('eight to be begun', async () => held.paths().length === 8);
    const other = await open();
    pipeline(other.socket, ['/b']);
    await eventually('another connection to be served', async () => held.paths().includes('/b'));
    expect(held.paths()).toEqual([...numbered('a', 8), '/b']);
    held.answer();
    await eventually('the ninth to be begun', async () => held.paths().includes('/a8'));
    expect(held.paths()).not.toContain('/a9');
  });

  test('is read no further than a piece ahead of its answers', async () => {
    let answered = 0;
    const open = await serve((_request, response) => {
      setTimeout(() => {
        answered++;
        response.end('done');
      }, 1);
    });
    pipeline((await open()).socket, numbered('', 20_000));
    await eventually('some hundreds of answers', async () => answered >= 500);
    // A 64 kB chunk holds about 1,500 of these requests.
    expect(open.arrived() - answered).toBeLessThan(4_000);
  });

  test('does not hold up another one that sends a single request', async () => {
    const order: string[] = [];
    const open = await serve(working(order));
    const many = await open();
    const single = await open();
    pipeline(many.socket, numbered('many', 100));
    pipeline(single.socket, ['/single']);
    await eventually(
      'both to be answered',
      async () => many.received().includes('/many99') && order.includes('/single'),
    );
    expect(order.indexOf('/single')).toBeLessThan(20);
  });

  test('takes turns with others that do the same', async () => {
    const order: string[] = [];
    const open = await serve(working(order));
    const sides = [await open(), await open()];
    for (const [index, { socket }] of sides.entries()) pipeline(socket, numbered(`${index}-`, 100));
    await eventually('all to be answered', async () => order.length === 200);
    const ahead = order.slice(20, 100).map((_, index) => {
      const begun = order.slice(0, 20 + index);
      return Math.abs(begun.filter((path) => path.startsWith('/0-')).length * 2 - begun.length);
    });
    expect(Math.max(...ahead)).toBeLessThan(20);
  });

  test('that breaks off gives back the places of all its requests', async () => {
    const held = holding();
    const open = await serve(held.handle, { total: 8 });
    const broken = await open();
    pipeline(broken.socket, numbered('a', 20));
    await eventually('eight to be begun', async () => held.paths().length === 8);
    const refused = await open();
    pipeline(refused.socket, ['/b']);
    await eventually('the refusal', async () => refused.received().includes('Too many concurrent requests.'));
    broken.socket.destroy();
    await eventually('a place', async () => {
      const next = await open();
      pipeline(next.socket, ['/c']);
      await eventually('its end', async () => held.paths().includes('/c') || next.received() !== '');
      return held.paths().includes('/c');
    });
    expect(held.paths()).not.toContain('/a8');
  });
});

describe('an address', () => {
  test('has only so many requests in hand; another one has its own', async () => {
    const held = holding();
    const open = await serve(held.handle, { perAddress: 2 });
    for (const path of ['/a', '/b']) pipeline((await open()).socket, [path]);
    await eventually('both to be begun', async () => held.paths().length === 2);
    const third = await open();
    pipeline(third.socket, ['/c']);
    await eventually('the refusal', async () => third.received().includes('503'));
    expect(third.received()).toContain('Too many concurrent requests from this address. Try again later.');
    pipeline((await open('127.0.0.2')).socket, ['/d']);
    await eventually('the other address to be served', async () => held.paths().includes('/d'));
    held.answer();
    await eventually('a free place', async () => {
      pipeline(third.socket, ['/e']);
      return held.paths().includes('/e');
    });
  });
});

/** Sends a request as soon as the previous one is answered, over and over. */
async function keepAsking(open: Open, path: string, from?: string) {
  const { socket } = await open(from);
  socket.on('data', () => pipeline(socket, [path]));
  pipeline(socket, [path]);
}
type Open = (from?: string) => Promise<{ readonly socket: Socket; readonly received: () => string }>;

/** Longer than any test takes: a held client waits only for others' responses, never for this timeout. */
const endless = { patienceMs: 600_000 };

/**
 * Answers `/greedy` immediately, and others after `turns` turns of the event loop, like a request that stores a run.
 */
function countingGreedy(turns: number) {
  let greedy = 0;
  /** Greedy requests begun while each of the others was in progress. */
  const meanwhile: number[] = [];
  const handle: Handle = ({ url = '' }, response) => {
    if (url.endsWith('greedy')) {
      greedy++;
      response.end(url);
      return;
    }
    const before = greedy;
    const wait = (left: number) => {
      if (left > 0) {
        setImmediate(wait, left - 1);
        return;
      }
      meanwhile.push(greedy - before);
      response.end('done');
    };
    wait(turns);
  };
  return { handle, greedy: () => greedy, meanwhile };
}

const manyConnections = 32;
const askedOften = 50;

describe.each([
  { others: 'from another address', path: '/greedy', from: '127.0.0.2' },
  { others: 'of the same address that call something else', path: '/target/greedy', from: '127.0.0.1' },
])('a client of few requests, beside 32 connections $others', ({ path, from }) => {
  test('is served before them', async () => {
    const counted = countingGreedy(20);
    const open = await serve(counted.handle, endless);
    for (let count = 0; count < manyConnections; count++) await keepAsking(open, path, from);
    await eventually('the others to be busy', async () => counted.greedy() > 1_000);
    const { socket } = await open();
    for (let asked = 1; asked <= askedOften; asked++) {
      pipeline(socket, ['/seldom']);
      await eventually('the answer', async () => counted.meanwhile.length === asked);
    }
    const begun = counted.meanwhile.reduce((sum, one) => sum + one, 0);
    // Requests already on their way begin with the first one; after that, four times the client's own requests.
    expect(begun).toBeLessThan(manyConnections + 8 * askedOften);
    const afterwards = counted.greedy();
    await eventually('the others to go on', async () => counted.greedy() > afterwards + 1_000);
  });
});

test('a client of one target and few requests does not wait for another address', async () => {
  const held = holding();
  const open = await serve(held.handle, endless);
  const few = await open();
  const answerNext = async (path: string) => {
    await eventually(path, async () => held.paths().includes(path));
    held.answer();
  };
  const many = await open('127.0.0.2');
  for (const path of numbered('many', 3)) {
    pipeline(many.socket, [path]);
    await answerNext(path);
  }
  pipeline(few.socket, ['/first']);
  await answerNext('/first');
  pipeline(many.socket, ['/kept']);
  await eventually('a request of the other address', async () => held.paths().includes('/kept'));
  pipeline(few.socket, ['/second']);
  await eventually('the second to begin', async () => held.paths().includes('/second'));
});

describe('a client that uses much', () => {
  test('waits only so long for a request of others that takes long', async () => {
    const held = holding();
    let greedy = 0;
    const open = await serve(
      (request, response) => {
        if (request.url !== '/greedy') held.handle(request, response);
        else response.end(String(++greedy));
      },
      { patienceMs: 1 },
    );
    for (let count = 0; count < manyConnections; count++) await keepAsking(open, '/greedy', '127.0.0.2');
    pipeline((await open()).socket, ['/long']);
    await eventually('the long request to be in hand', async () => held.paths().length === 1);
    const before = greedy;
    await eventually('the others to be served', async () => greedy > before + 1_000);
    expect(held.paths()).toHaveLength(1);
  });

  test('does not wait for requests of others that wait for their runs', async () => {
    let greedy = 0;
    const waiting: ServerResponse[] = [];
    const open = await serve((request, response) => {
      if (request.url === '/greedy') {
        response.end(String(++greedy));
        return;
      }
      waiting.push(response);
      waitsForItsRun(request);
    }, endless);
    for (let count = 0; count < manyConnections; count++) await keepAsking(open, '/greedy', '127.0.0.2');
    pipeline((await open()).socket, ['/sync']);
    await eventually('the run to be waited for', async () => waiting.length === 1);
    const before = greedy;
    await eventually('the others to be served', async () => greedy > before + 1_000);
  });

  test('reads its bodies no further while others are served', async () => {
    const held = holding();
    let asked = 0;
    let isReading = true;
    const open = await serve((request, response) => {
      if (request.url !== '/large') {
        held.handle(request, response);
        return;
      }
      request.on('data', () => {
        asked++;
        const turn = turnToRead(request);
        if (turn === null) return;
        isReading = false;
        request.pause();
        turn.then(() => {
          isReading = true;
          request.resume();
        });
      });
    }, endless);
    const large = await open('127.0.0.2');
    large.socket.write('POST /large HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000000\r\n\r\n');
    const piece = Buffer.alloc(1024 * 1024);
    const send = (error?: Error | null) => {
      if (!error) large.socket.write(piece, send);
    };
    send();
    await eventually('some of it to be read', async () => asked > 100);
    pipeline((await open()).socket, ['/seldom']);
    await eventually('it to wait', async () => held.paths().length === 1 && !isReading);
    const before = asked;
    pipeline((await open('127.0.0.3')).socket, ['/another']);
    await eventually('another one to be served', async () => held.paths().length === 2);
    expect(asked).toBe(before);
    held.answer();
    held.answer();
    await eventually('more of it to be read', async () => asked > before + 100);
  });
});
