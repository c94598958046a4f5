import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { describe, expect, test } from '@jest/globals';
import { matchSamples } from '../../../test/connectors/event-patterns.ts';
import type { JsonObject } from '../../core/json/json-value.ts';
import { inboundConfig } from './config.ts';
import { PatternProblem, readPattern } from './event-pattern.ts';
import { matchEvent } from './match-event.ts';
import { ec2Event } from './samples.ts';

/** Matches two numbers: the last one in the event, and one that it lacks. */
const matchDeepEvent = `
  const { parentPort } = require('node:worker_threads');
  const load = (name) => import(new URL(name, '${import.meta.url}').href);
  Promise.all([load('./match-event.ts'), load('./event-pattern.ts')]).then(([{ matchEvent }, { readPattern }]) => {
    let n = Array.from({ length: 50_000 }, (_, index) => index);
    for (let depth = 1; depth < 190; depth++) n = [n];
    const match = (wanted) => matchEvent(readPattern({ detail: { n: [wanted] } }), { detail: { n } });
    parentPort.postMessage([match(49_999), match(50_000)]);
  });
`;

describe('an event pattern', () => {
  test.each(matchSamples)('%s: %j and %j fit: %s', (_title, pattern, event, fits) => {
    expect(matchEvent(readPattern(pattern), event)).toBe(fits ? 'fits' : 'differs');
  });

  test('of the documentation fits the event of the documentation', () => {
    const pattern = {
      source: ['aws.ec2'],
      'detail-type': ['EC2 Instance State-change Notification'],
      detail: { state: ['terminated'] },
    };
    expect(matchEvent(readPattern(pattern), ec2Event)).toBe('fits');
  });

  test('is given up, not tried for ever, where lists have too many combinations', () => {
    const list = Array.from({ length: 1_000 }, () => ({ x: 1, y: 2 }));
    const event = { a: [...list], b: [...list], c: [{ x: 1 }, { y: 1 }] };
    const both = { x: [1], y: [2] };
    const pattern = readPattern({ a: both, b: both, c: { x: [1], y: [1] } });
    expect(matchEvent(pattern, event)).toBe('undecided');
  });

  test('is matched in little memory where 50,000 numbers stand in 190 nested lists', async () => {
    const resourceLimits = { maxOldGenerationSizeMb: 64 };
    const worker = new Worker(matchDeepEvent, { eval: true, execArgv: [], resourceLimits });
    expect(await once(worker, 'message')).toEqual([['fits', 'differs']]);
  });

  test('asks for fields of one element, also where lists are nested', () => {
    const event = { a: [[{ x: 1, y: 1 }], [{ x: 2, y: 2 }, { x: 3 }]] };
    const ask = (x: number, y: number) => matchEvent(readPattern({ a: { x: [x], y: [y] } }), event);
    expect([ask(2, 2), ask(1, 1), ask(1, 2), ask(3, 2)]).toEqual(['fits', 'fits', 'differs', 'differs']);
  });
});

describe('a pattern that is none', () => {
  const refused: readonly [JsonObject, string, string][] = [
    [{}, '', 'must name at least one field'],
    [{ detail: {} }, 'detail', 'must name at least one field'],
    [{ source: 'aws.ec2' }, 'source', 'must be a list of values, such as ["value"], or an object'],
    [{ source: [] }, 'source', 'must have at least one value'],
    [
      { source: [{ sounds: 'like' }] },
      'source',
      'must be a value or one of the operators prefix, suffix, equals-ignore-case, wildcard, cidr, exists, numeric, anything-but',
    ],
    [
      { source: [{ valueOf: 1 }] },
      'source',
      'must be a value or one of the operators prefix, suffix, equals-ignore-case, wildcard, cidr, exists, numeric, anything-but',
    ],
    [
      { source: [{ prefix: 'a', suffix: 'b' }] },
      'source',
      'must be a value or one of the operators prefix, suffix, equals-ignore-case, wildcard, cidr, exists, numeric, anything-but',
    ],
    [{ detail: { n: [{ numeric: ['>'] }] } }, 'detail.n', 'has an operand that "numeric" does not take'],
    [{ n: [{ numeric: ['>', 5, '<', 1] }] }, 'n', 'has an operand that "numeric" does not take'],
    [{ n: [{ numeric: ['>', 6e9] }] }, 'n', 'has an operand that "numeric" does not take'],
    [{ p: [{ wildcard: 'a**b' }] }, 'p', 'has an operand that "wildcard" does not take'],
    [{ p: [{ wildcard: 'a\\b' }] }, 'p', 'has an operand that "wildcard" does not take'],
    [{ ip: [{ cidr: '10.0.0.0/33' }] }, 'ip', 'has an operand that "cidr" does not take'],
    [{ ip: [{ cidr: '10.0.0.0' }] }, 'ip', 'has an operand that "cidr" does not take'],
    [{ e: [{ exists: 'yes' }] }, 'e', 'has an operand that "exists" does not take'],
    [{ s: [{ 'anything-but': [] }] }, 's', 'has an operand that "anything-but" does not take'],
    [{ s: [{ 'anything-but': ['a', 1] }] }, 's', 'has an operand that "anything-but" does not take'],
  ];

  test.each(refused)('%j is refused at "%s": %s', (pattern, place, message) => {
    const read = () => readPattern(pattern);
    expect(read).toThrow(PatternProblem);
    expect(read).toThrow(expect.objectContaining({ message, place: place === '' ? [] : place.split('.') }));
  });

  test('is refused by the configuration, with its place', () => {
    const { error } = inboundConfig.safeParse({ pattern: { detail: { state: 'running' } } });
    expect(error?.issues).toEqual([
      expect.objectContaining({
        path: ['pattern', 'detail', 'state'],
        message: 'must be a list of values, such as ["value"], or an object.',
      }),
    ]);
  });

  test('for its length is refused with the length', () => {
    const { error } = inboundConfig.safeParse({ pattern: { source: ['x'.repeat(2_100)] } });
    expect(error?.issues.map(({ message }) => message)).toEqual([
      'has 2115 characters; EventBridge takes 2048.',
    ]);
  });

  test('for more than 1000 combinations of "$or" is refused', () => {
    const many = { $or: Array.from({ length: 40 }, (_, index) => ({ a: [index] })) };
    expect(() => readPattern({ ...many, detail: many })).toThrow(
      'must not make more than 1000 combinations of "$or"',
    );
  });
});
