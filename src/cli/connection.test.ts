import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { findConnection } from './connection.ts';

describe('where a command finds the system', () => {
  let folder = '';

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'connection-'));
    writeFileSync(join(folder, 'admin-token'), 'local-token\n');
  });

  afterAll(() => rmSync(folder, { recursive: true }));

  test('is this machine by default, with the token of the data folder', () => {
    expect(findConnection({}, { DATA_DIR: folder })).toEqual({
      url: 'http://127.0.0.1:4000',
      token: 'local-token',
    });
  });

  test('is the address that the running system has noted', () => {
    writeFileSync(join(folder, 'address'), 'http://127.0.0.1:53211\n');
    expect(findConnection({}, { DATA_DIR: folder }).url).toBe('http://127.0.0.1:53211');
    rmSync(join(folder, 'address'));
  });

  test('is named by the environment, and by options before it', () => {
    const env = {
      DATA_DIR: folder,
      CONNECTORS_URL: 'https://agents.example.com/',
      CONNECTORS_TOKEN: 'from-env',
    };
    expect(findConnection({}, env)).toEqual({ url: 'https://agents.example.com', token: 'from-env' });
    expect(findConnection({ url: 'https://other.example.com/prod', token: 'given' }, env)).toEqual({
      url: 'https://other.example.com/prod',
      token: 'given',
    });
  });

  test("the data folder's token never leaves the machine", () => {
    expect(() => findConnection({ url: 'https://agents.example.com' }, { DATA_DIR: folder })).toThrow(
      'No access token for https://agents.example.com. Set CONNECTORS_TOKEN or --token.',
    );
  });

  test('a folder without a token is named', () => {
    expect(() => findConnection({}, { DATA_DIR: '/nowhere' })).toThrow('No access token found in /nowhere.');
  });

  test.each(['localhost:4000', 'ftp://example.com', 'somewhere'])('"%s" is not a URL', (url) => {
    expect(() => findConnection({ url, token: 'given' }, {})).toThrow(`"${url}" is not a valid URL.`);
  });
});
