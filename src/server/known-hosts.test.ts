import { hostname } from 'node:os';
import { describe, expect, test } from '@jest/globals';
import { knownHosts } from './request-router.ts';

describe('a server that listens on this machine only', () => {
  const knows = knownHosts('127.0.0.1', undefined, []);

  test.each([
    'localhost',
    'localhost:4000',
    'LOCALHOST.:4000',
    'app.localhost:4000',
    '127.0.0.1:4000',
    '[::1]:4000',
    '[::1]',
    '192.168.1.7:8080',
    hostname(),
  ])('is known as %s', (host) => {
    expect(knows(host)).toBe(true);
  });

  test.each([
    'rebound.example:4000',
    'localhost.example',
    'notlocalhost',
    '127.0.0.1.example',
    '127.0.0.1@rebound.example',
    '[::1].example',
    '',
    ':4000',
    '*',
  ])('is not known as "%s"', (host) => {
    expect(knows(host)).toBe(false);
  });

  test('answers a client that names no host', () => {
    expect(knows(undefined)).toBe(true);
  });
});

test('a server is known by the name that it binds to, by that of its base URL, and by those that are listed', () => {
  const knows = knownHosts('agents.lan', 'https://Agents.example.com/base', [
    'connectors',
    'other.example:80',
  ]);
  const names = ['agents.lan:4000', 'agents.example.com', 'connectors:4000', 'other.example'];
  expect(names.filter(knows)).toEqual(names);
  expect(knows('example.com')).toBe(false);
});

test('a server lets every name in where a proxy before it decides', () => {
  expect(knownHosts('0.0.0.0', undefined, ['*'])('whatever.example')).toBe(true);
});
