import { PassThrough } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  bufferedFunction,
  canStream,
  type HttpAnswer,
  streamedFunction,
  unfinishedWork,
} from '../../src/engines/aws/entry/http-function.ts';
import { awslambda, invoke } from './lambda-streams.ts';

const json = { 'content-type': 'application/json' };

/** Lets everything go on that can. */
const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('a function that streams its answer', () => {
  beforeAll(() => {
    Object.assign(globalThis, { awslambda });
  });
  afterAll(() => {
    Reflect.deleteProperty(globalThis, 'awslambda');
  });

  test('knows that it can', () => expect(canStream()).toBe(true));

  test('writes nothing before the answer is there, so that the status is true', async () => {
    const { promise, resolve } = Promise.withResolvers<HttpAnswer>();
    const { written, ended } = invoke(
      streamedFunction(() => promise, unfinishedWork()),
      {},
    );
    await turn();
    expect(written).toEqual([]);
    resolve({ status: 202, headers: json, body: '{"status":"timeout"}' });
    await ended;
    expect(written).toEqual([
      { prelude: { statusCode: 202, headers: json } },
      { piece: '{"status":"timeout"}' },
      'end',
    ]);
  });

  test('ends its answer at once, and itself only when the run has ended', async () => {
    const run = Promise.withResolvers<void>();
    const unfinished = unfinishedWork();
    const respond = async () => {
      unfinished.add(run.promise);
      return { status: 202, headers: json, body: '{}' };
    };
    const { written, ended } = invoke(streamedFunction(respond, unfinished), {});
    let hasEnded = false;
    void ended.then(() => {
      hasEnded = true;
    });
    for (let turns = 0; turns < 20 && written.at(-1) !== 'end'; turns++) await turn();
    expect(written.at(-1)).toBe('end');
    expect(hasEnded).toBe(false);
    run.resolve();
    await ended;
    expect(hasEnded).toBe(true);
  });

  test('sends events one by one as they come', async () => {
    const events = new PassThrough();
    const respond = async () => ({
      status: 200,
      headers: { 'content-type': 'text/event-stream' },
      body: events,
    });
    const { written, ended } = invoke(streamedFunction(respond, unfinishedWork()), {});
    events.write('event: run\n\n');
    for (let turns = 0; turns < 20 && written.length < 2; turns++) await turn();
    expect(written).toEqual([
      { prelude: { statusCode: 200, headers: { 'content-type': 'text/event-stream' } } },
      { piece: 'event: run\n\n' },
    ]);
    events.end('event: result\n\n');
    await ended;
    expect(written.slice(2)).toEqual([{ piece: 'event: result\n\n' }, 'end']);
  });

  test('stays for the run of a caller that hung up', async () => {
    const events = new PassThrough();
    const run = Promise.withResolvers<void>();
    const unfinished = unfinishedWork();
    unfinished.add(run.promise);
    const respond = async () => ({ status: 200, headers: {}, body: events });
    const { ended, stream } = invoke(streamedFunction(respond, unfinished), {});
    let hasEnded = false;
    const outcome = ended
      .catch(() => undefined)
      .then(() => {
        hasEnded = true;
      });
    await turn();
    stream.destroy();
    for (let turns = 0; turns < 20; turns++) await turn();
    expect(hasEnded).toBe(false);
    run.resolve();
    await outcome;
    expect(hasEnded).toBe(true);
  });

  test('answers 500 without a word of the inside when something unforeseen happens', async () => {
    const respond = async () => {
      throw new Error('table arn:aws:dynamodb:...');
    };
    const { written, ended } = invoke(streamedFunction(respond, unfinishedWork()), {});
    await ended;
    expect(written[0]).toMatchObject({ prelude: { statusCode: 500 } });
    expect(JSON.stringify(written)).not.toContain('dynamodb');
  });
});

describe('where the platform does not stream', () => {
  test('the same function answers whole', async () => {
    expect(canStream()).toBe(false);
    const body = new PassThrough();
    body.end('event: run\n\nevent: result\n\n');
    const handler = streamedFunction(async () => ({ status: 200, headers: {}, body }), unfinishedWork());
    if (typeof handler !== 'function') throw new Error('no handler');
    const answer: unknown = await Reflect.apply(handler, null, [{}, {}]);
    expect(answer).toEqual({ statusCode: 200, headers: {}, body: 'event: run\n\nevent: result\n\n' });
  });
});

describe('a header that API Gateway would rename', () => {
  const respond = async () => ({
    status: 401,
    headers: { ...json, 'www-authenticate': 'Bearer' },
    body: '{}',
  });
  const context = { getRemainingTimeInMillis: () => 60_000, functionName: 'f', awsRequestId: 'r' };

  test('is left out of an answer that is streamed', async () => {
    Object.assign(globalThis, { awslambda });
    const { written, ended } = invoke(streamedFunction(respond, unfinishedWork()), {});
    await ended;
    Reflect.deleteProperty(globalThis, 'awslambda');
    expect(written[0]).toEqual({ prelude: { statusCode: 401, headers: json } });
  });

  test('is left out of one that is not', async () => {
    const handler: unknown = bufferedFunction(respond);
    if (typeof handler !== 'function') throw new Error('the handler is no function');
    expect(await handler({}, context)).toEqual({ statusCode: 401, headers: json, body: '{}' });
  });
});
