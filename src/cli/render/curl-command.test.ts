import { execFileSync } from 'node:child_process';
import { expect, test } from '@jest/globals';
import { curlCommand } from './curl-command.ts';

test('a shell reads from it what was meant', () => {
  const command = curlCommand(
    {
      method: 'POST',
      url: 'http://127.0.0.1:4000/webhooks/x/sync',
      headers: { 'content-type': 'application/json', 'x-connic-secret': '$SECRET' },
      body: '{"message":"it\'s `here`"}',
    },
    "s'ecret $HOME",
  );
  const script = `curl() { printf '%s\\n' "$@"; }; ${command}`;
  expect(execFileSync('sh', ['-c', script], { encoding: 'utf8' }).trim().split('\n')).toEqual([
    'http://127.0.0.1:4000/webhooks/x/sync',
    '-H',
    "X-Connic-Secret: s'ecret $HOME",
    '-H',
    'Content-Type: application/json',
    '-d',
    '{"message":"it\'s `here`"}',
  ]);
});
