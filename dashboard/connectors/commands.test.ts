import { execFileSync } from 'node:child_process';
import { describe, expect, test } from '@jest/globals';
import { runCommand } from '../runs/run-command.ts';
import { carriesSecret, curlCommand, sendCommand, withSecret } from './curl-command.ts';
import { reachableUrl } from './send-trigger.ts';

/** The words that a shell parses from a command. */
function wordsOf(command: string, env: Record<string, string> = {}): string[] {
  const text = execFileSync('bash', ['--norc', '-c', `printf '%s\\n' ${command}`], {
    env: { PATH: process.env['PATH'], ...env },
  });
  return text.toString().trim().split('\n');
}

describe('commands to copy', () => {
  const sample = {
    method: 'POST',
    url: 'http://a.example/webhooks/1',
    headers: { 'content-type': 'application/json', 'x-connic-secret': '$SECRET' },
    body: '{"message": "What is the capital of France?"}',
  };

  test('a connector is called with its secret, or with the one of the shell', () => {
    expect(wordsOf(curlCommand(withSecret(sample, 'whsec_1')))).toEqual([
      'curl',
      'http://a.example/webhooks/1',
      '-H',
      'X-Connic-Secret: whsec_1',
      '-H',
      'Content-Type: application/json',
      '-d',
      '{"message": "What is the capital of France?"}',
    ]);
    expect(wordsOf(curlCommand(sample), { SECRET: 'whsec_2' })).toContain('X-Connic-Secret: whsec_2');
  });

  test('a connector that wants no secret is called without, and one of another protocol by its own request', () => {
    const open = { ...sample, headers: { 'content-type': 'application/json' } };
    expect(carriesSecret(open)).toBe(false);
    expect(curlCommand(open)).not.toContain('SECRET');
    const inUrl = {
      ...sample,
      method: 'PUT',
      url: 'http://a.example/1?key=$SECRET',
      headers: {},
      body: null,
    };
    expect(wordsOf(curlCommand(inUrl), { SECRET: 'k' })).toEqual([
      'curl',
      'http://a.example/1?key=k',
      '-X',
      'PUT',
    ]);
  });

  test('a connector with connections is called by the command line', () => {
    const words = wordsOf(sendCommand("Ada's chat", { message: 'Say "hi"' }));
    expect(words).toEqual(['npx', 'connectors', 'send', "Ada's chat", '{"message":"Say \\"hi\\""}']);
  });

  test("a run's command keeps its payload to the letter, whatever quotes it has", () => {
    const payload = { message: 'it\'s $HOME and `date` and "quoted"\nand more' };
    const words = wordsOf(runCommand({ agent_name: 'writer', payload }, 'http://a.example'), { TOKEN: 't' });
    expect(words[1]).toBe('http://a.example/api/v1/agents/writer/runs');
    expect(words).toContain('Authorization: Bearer t');
    expect(JSON.parse(words.at(-1) ?? '')).toEqual({ payload });
  });
});

describe('where the page itself may call a connector', () => {
  test.each([
    ['http://127.0.0.1:4000/webhooks/1', 'http://127.0.0.1:4000/agents', 'http://127.0.0.1:4000/webhooks/1'],
    ['http://127.0.0.1:4000/webhooks/1', 'http://localhost:4000/agents', 'http://localhost:4000/webhooks/1'],
    ['http://127.0.0.1:4000/webhooks/1', 'http://localhost:5000/agents', null],
    ['https://api.example.com/webhooks/1', 'https://console.example.com/agents', null],
  ])('%s from %s: %s', (url, page, reachable) => {
    expect(reachableUrl(url, page, null)).toBe(reachable);
  });

  test('what the page’s server passes on is called there', () => {
    const page = 'https://d1.cloudfront.example/agents';
    const baseUrl = 'https://api.example.com/prod';
    const called = (url: string) => reachableUrl(url, page, baseUrl);
    expect(called(`${baseUrl}/webhooks/1/sync`)).toBe('https://d1.cloudfront.example/webhooks/1/sync');
    expect(called('https://api.example.com/production/webhooks/1')).toBeNull();
  });
});
