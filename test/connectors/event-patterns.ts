import type { JsonObject } from '../../src/core/json/json-value.ts';

/** Patterns and events, and whether they fit: [what is shown, pattern, event, fits]. */
export type MatchSample = readonly [title: string, pattern: JsonObject, event: JsonObject, fits: boolean];

const detail = (inner: JsonObject): JsonObject => ({ detail: inner });

/** The events of event-ruler's README, "JSON Array Matching": teams of a league. */
const league = {
  employees: [
    { firstName: 'John', lastName: 'Doe' },
    { firstName: 'Anna', lastName: 'Smith' },
    { firstName: 'Peter', lastName: 'Jones' },
  ],
};

/**
 * What AWS documents of each operator (EventBridge user guide, "Comparison operators for use in event patterns" and "Event
 * pattern syntax"; event-ruler, README), with an event that fits and one that does not.
 */
export const matchSamples: readonly MatchSample[] = [
  ['a value', { source: ['aws.ec2'] }, { source: 'aws.ec2' }, true],
  ['a value', { source: ['aws.ec2'] }, { source: 'aws.s3' }, false],
  ['one of several values', detail({ state: ['stopped', 'running'] }), detail({ state: 'running' }), true],
  ['all fields', detail({ a: [1], b: [2] }), detail({ a: 1, b: 3 }), false],
  ['a value in a list of the event', { resources: ['b', 'c'] }, { resources: ['a', 'b'] }, true],
  ['no value in a list of the event', { resources: ['c'] }, { resources: ['a', 'b'] }, false],
  ['a number in another spelling', detail({ n: [300] }), detail({ n: 3.0e2 }), true],
  ['a number for a text', detail({ n: ['1'] }), detail({ n: 1 }), false],
  ['null', { responseElements: [null] }, { responseElements: null }, true],
  ['null for an empty text', { eventVersion: [null] }, { eventVersion: '' }, false],
  ['an empty text', { eventVersion: [''] }, { eventVersion: '' }, true],
  ['an empty text where the field is missing', { eventVersion: [''] }, { other: '' }, false],
  ['true', detail({ on: [true] }), detail({ on: true }), true],
  ['prefix', { region: [{ prefix: 'us-' }] }, { region: 'us-east-1' }, true],
  ['prefix', { region: [{ prefix: 'us-' }] }, { region: 'eu-us-1' }, false],
  ['prefix of a number', { n: [{ prefix: '1' }] }, { n: 12 }, false],
  ['prefix of anything', { source: [{ prefix: '' }] }, { source: 'x' }, true],
  [
    'prefix, ignoring case',
    { s: [{ prefix: { 'equals-ignore-case': 'EventB' } }] },
    { s: 'eventbridge' },
    true,
  ],
  [
    'prefix, ignoring case',
    { s: [{ prefix: { 'equals-ignore-case': 'EventB' } }] },
    { s: 'theeventb' },
    false,
  ],
  ['suffix', { f: [{ suffix: '.png' }] }, { f: 'a.png' }, true],
  ['suffix', { f: [{ suffix: '.png' }] }, { f: 'a.png.txt' }, false],
  ['suffix, ignoring case', { f: [{ suffix: { 'equals-ignore-case': '.PNG' } }] }, { f: 'a.pNg' }, true],
  ['equals-ignore-case', { t: [{ 'equals-ignore-case': 'ALICE' }] }, { t: 'alice' }, true],
  ['equals-ignore-case', { t: [{ 'equals-ignore-case': 'alice' }] }, { t: 'alicia' }, false],
  ['anything-but', detail({ s: [{ 'anything-but': 'initializing' }] }), detail({ s: 'running' }), true],
  ['anything-but', detail({ s: [{ 'anything-but': 'initializing' }] }), detail({ s: 'initializing' }), false],
  [
    'anything-but where the field is missing',
    detail({ s: [{ 'anything-but': 'x' }] }),
    detail({ t: 'y' }),
    false,
  ],
  [
    'anything-but a list',
    detail({ s: [{ 'anything-but': ['stopped', 'overloaded'] }] }),
    detail({ s: 'stopped' }),
    false,
  ],
  ['anything-but numbers', detail({ n: [{ 'anything-but': [100, 200, 300] }] }), detail({ n: 301.8 }), true],
  ['anything-but numbers', detail({ n: [{ 'anything-but': [100, 200, 300] }] }), detail({ n: 200 }), false],
  ['anything-but a number', detail({ n: [{ 'anything-but': 123 }] }), detail({ n: 'text' }), true],
  [
    'anything-but a prefix',
    detail({ s: [{ 'anything-but': { prefix: 'init' } }] }),
    detail({ s: 'running' }),
    true,
  ],
  [
    'anything-but a prefix',
    detail({ s: [{ 'anything-but': { prefix: 'init' } }] }),
    detail({ s: 'initializing' }),
    false,
  ],
  [
    'anything-but prefixes',
    detail({ s: [{ 'anything-but': { prefix: ['init', 'err'] } }] }),
    detail({ s: 'error' }),
    false,
  ],
  [
    'anything-but a suffix',
    detail({ f: [{ 'anything-but': { suffix: '.txt' } }] }),
    detail({ f: 'a.png' }),
    true,
  ],
  [
    'anything-but suffixes',
    detail({ f: [{ 'anything-but': { suffix: ['.txt', '.rtf'] } }] }),
    detail({ f: 'a.rtf' }),
    false,
  ],
  [
    'anything-but, ignoring case',
    detail({ s: [{ 'anything-but': { 'equals-ignore-case': ['initializing', 'stopped'] } }] }),
    detail({ s: 'INITIALIZING' }),
    false,
  ],
  [
    'anything-but a wildcard',
    detail({ p: [{ 'anything-but': { wildcard: '*/lib/*' } }] }),
    detail({ p: '/a/lib/b' }),
    false,
  ],
  [
    'anything-but a wildcard',
    detail({ p: [{ 'anything-but': { wildcard: '*/lib/*' } }] }),
    detail({ p: '/a/bin/b' }),
    true,
  ],
  ['numeric, a range', detail({ n: [{ numeric: ['>', 0, '<=', 5] }] }), detail({ n: 5 }), true],
  ['numeric, a range', detail({ n: [{ numeric: ['>', 0, '<=', 5] }] }), detail({ n: 0 }), false],
  ['numeric, equal', detail({ n: [{ numeric: ['=', 3.018e2] }] }), detail({ n: 301.8 }), true],
  ['numeric, of a text', detail({ n: [{ numeric: ['=', 5] }] }), detail({ n: '5' }), false],
  [
    'numeric, one of two ranges',
    detail({ n: [{ numeric: ['<', 1] }, { numeric: ['>=', 10] }] }),
    detail({ n: 10 }),
    true,
  ],
  ['exists', detail({ n: [{ exists: true }] }), detail({ n: null }), true],
  ['exists', detail({ n: [{ exists: true }] }), detail({ m: 1 }), false],
  ['exists, not', detail({ n: [{ exists: false }] }), detail({ m: 1 }), true],
  ['exists, not', detail({ n: [{ exists: false }] }), detail({ n: 1 }), false],
  ['exists, not, of what is no leaf', detail({ n: [{ exists: false }] }), detail({ n: { c1: 100 } }), true],
  ['exists, not, or a value', detail({ n: [{ exists: false }, 'x'] }), detail({ n: 'x' }), true],
  ['cidr', detail({ ip: [{ cidr: '10.0.0.0/24' }] }), detail({ ip: '10.0.0.255' }), true],
  ['cidr', detail({ ip: [{ cidr: '10.0.0.0/24' }] }), detail({ ip: '10.0.1.1' }), false],
  [
    'cidr of a text that is no address',
    detail({ ip: [{ cidr: '10.0.0.0/24' }] }),
    detail({ ip: '10.0.0' }),
    false,
  ],
  ['cidr of IPv6', detail({ ip: [{ cidr: '2001:db8::/32' }] }), detail({ ip: '2001:db8::1' }), true],
  ['wildcard', { p: [{ wildcard: 'dir/*.png' }] }, { p: 'dir/a/b.png' }, true],
  ['wildcard', { p: [{ wildcard: 'dir/*.png' }] }, { p: 'dir/a.png.txt' }, false],
  ['wildcard for nothing', { p: [{ wildcard: 'Simple*Service' }] }, { p: 'SimpleService' }, true],
  ['wildcards whose texts overlap', { p: [{ wildcard: 'ab*bc' }] }, { p: 'abc' }, false],
  ['several wildcards', { p: [{ wildcard: 'a*b*c' }] }, { p: 'a-b-b-c' }, true],
  ['an escaped wildcard', { p: [{ wildcard: 'a\\*b' }] }, { p: 'a*b' }, true],
  ['an escaped wildcard', { p: [{ wildcard: 'a\\*b' }] }, { p: 'axb' }, false],
  ['an escaped backslash', { p: [{ wildcard: 'a\\\\*' }] }, { p: 'a\\b' }, true],
  ['$or', { $or: [{ a: [1] }, { b: [2] }] }, { a: 0, b: 2 }, true],
  ['$or', { $or: [{ a: [1] }, { b: [2] }] }, { a: 0, b: 0 }, false],
  ['$or and a field', { s: ['x'], $or: [{ a: [1] }, { b: [2] }] }, { s: 'y', a: 1 }, false],
  ['$or with an and inside', { $or: [{ a: [1], b: [2] }, { c: [3] }] }, { a: 1, b: 0, c: 0 }, false],
  [
    '$or within detail',
    detail({ $or: [{ a: [{ numeric: ['>', 5] }] }, { b: ['y'] }] }),
    detail({ a: 6 }),
    true,
  ],
  ['$or within $or', { $or: [{ a: [1] }, { b: [2], $or: [{ c: [3] }, { d: [4] }] }] }, { b: 2, d: 4 }, true],
  [
    'two $or',
    { $or: [{ a: [1] }, { b: [1] }], detail: { $or: [{ c: [1] }, { d: [1] }] } },
    { b: 1, detail: { d: 2 } },
    false,
  ],
  ['fields of one element', { employees: { firstName: ['Anna'], lastName: ['Smith'] } }, league, true],
  ['fields of two elements', { employees: { firstName: ['Anna'], lastName: ['Jones'] } }, league, false],
  ['lists within lists', { a: { b: { c: [1] } } }, { a: [{ b: [{ c: 0 }, { c: 1 }] }] }, true],
  [
    'fields of two elements of an inner list',
    { a: { b: { c: [1], d: [2] } } },
    {
      a: [
        {
          b: [
            { c: 1, d: 1 },
            { c: 2, d: 2 },
          ],
        },
      ],
    },
    false,
  ],
  [
    'elements of two lists',
    { a: { x: [2] }, b: { y: [1] } },
    { a: [{ x: 1 }, { x: 2 }], b: [{ y: 1 }] },
    true,
  ],
];
