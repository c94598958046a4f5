import { text } from 'node:stream/consumers';
import { mock } from 'node:test';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type LocalServer, serveLocally } from '../../../../test/local-server.ts';
import { checkResource, removalResource } from './custom-resource.ts';

/** What CloudFormation was sent at the response URL. */
const told: unknown[] = [];
let server: LocalServer;

beforeAll(async () => {
  server = await serveLocally(async (request, response) => {
    told.push({ method: request.method, body: JSON.parse(await text(request)) });
    response.end();
  });
});
afterAll(() => server.stop());

/** Sends a request like CloudFormation's and returns the answer that CloudFormation receives. */
function ask(
  RequestType: string,
  remove: (signal: AbortSignal) => Promise<void>,
  begin = async () => {},
): Promise<unknown> {
  return askAt(removalResource({ begin, remove }), RequestType);
}

async function askAt(handler: ReturnType<typeof removalResource>, RequestType: string): Promise<unknown> {
  told.length = 0;
  const request = { ResponseURL: `${server.url}/`, StackId: 's', RequestId: 'r', LogicalResourceId: 'Made' };
  const context = {
    callbackWaitsForEmptyEventLoop: false,
    functionName: 'f',
    functionVersion: '1',
    invokedFunctionArn: '',
    memoryLimitInMB: '',
    awsRequestId: '',
    logGroupName: '',
    logStreamName: '',
    getRemainingTimeInMillis: () => 15_050,
    done() {},
    fail() {},
    succeed() {},
  };
  await handler({ ...request, RequestType }, context);
  return told[0];
}

const answered = (Status: string, more = {}) => ({
  method: 'PUT',
  body: {
    Status,
    PhysicalResourceId: 'Made',
    StackId: 's',
    RequestId: 'r',
    LogicalResourceId: 'Made',
    ...more,
  },
});

test('a resource that is made or changed begins, and removes nothing', async () => {
  let begun = 0;
  const begin = async () => {
    begun++;
  };
  const remove = async () => {
    throw new Error('removed');
  };
  expect(await ask('Create', remove, begin)).toEqual(answered('SUCCESS'));
  expect(await ask('Update', remove, begin)).toEqual(answered('SUCCESS'));
  expect(begun).toBe(2);
});

test('one that goes removes, and tells how that went', async () => {
  let removed = 0;
  const remove = async () => {
    removed++;
  };
  expect(await ask('Delete', remove)).toEqual(answered('SUCCESS'));
  expect(removed).toBe(1);
  const failing = async () => {
    throw new Error('The event source is still being changed by AWS.');
  };
  expect(await ask('Delete', failing)).toEqual(
    answered('FAILED', { Reason: 'The event source is still being changed by AWS.' }),
  );
});

test('one that takes too long is told as failed before its function ends', async () => {
  const waiting = (signal: AbortSignal) =>
    new Promise<void>((_resolve, reject) => {
      signal.addEventListener('abort', () => reject(new Error('There was no more time to wait.')));
    });
  expect(await ask('Delete', waiting)).toEqual(
    answered('FAILED', { Reason: 'There was no more time to wait.' }),
  );
});

test.each([
  ['Create', 'sources.not-begun'],
  ['Update', 'sources.not-begun'],
  ['Delete', 'sources.not-removed'],
])('%s that fails is logged as %s, with the reason', async (requestType, event) => {
  const written = mock.method(process.stderr, 'write', () => true);
  const failing = async () => {
    throw new Error('There is no such queue.');
  };
  const answer = await ask(requestType, failing, failing);
  const lines = written.mock.calls.map((call) => String(call.arguments[0])).join('');
  written.mock.restore();
  expect(answer).toEqual(answered('FAILED', { Reason: 'There is no such queue.' }));
  expect(JSON.parse(lines)).toMatchObject({ message: event, reason: 'There is no such queue.' });
});

test('one that is a check fails the deployment with what is wrong, and never its removal', async () => {
  const written = mock.method(process.stderr, 'write', () => true);
  const checked = checkResource('table.not-usable', async () => {
    throw new Error('It has no index.');
  });
  expect(await askAt(checked, 'Create')).toEqual(answered('FAILED', { Reason: 'It has no index.' }));
  expect(await askAt(checked, 'Update')).toEqual(answered('FAILED', { Reason: 'It has no index.' }));
  expect(written.mock.calls.map((call) => String(call.arguments[0])).join('')).toContain(
    '"table.not-usable"',
  );
  written.mock.restore();
  expect(await askAt(checked, 'Delete')).toEqual(answered('SUCCESS'));
  const sound = checkResource('table.not-usable', async () => {});
  expect(await askAt(sound, 'Create')).toEqual(answered('SUCCESS'));
});
