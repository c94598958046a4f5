import { execFileSync } from 'node:child_process';
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { createLog, type LogLevel } from './log.ts';

function recording(level: LogLevel, pretty: boolean) {
  const lines: string[] = [];
  const log = createLog({ level, pretty, write: (text) => lines.push(text) });
  return { log, lines };
}

describe('the log', () => {
  test('writes one JSON object per event', () => {
    const { log, lines } = recording('info', false);
    log.warn('run.released', { run_id: 'r-1', attempt: 2 });
    expect(lines).toHaveLength(1);
    const line: unknown = JSON.parse(lines[0] ?? '');
    expect(line).toEqual({
      level: 'warn',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      event: 'run.released',
      run_id: 'r-1',
      attempt: 2,
    });
  });

  test('leaves out what is below its level', () => {
    const { log, lines } = recording('warn', false);
    log.debug('a', {});
    log.info('b', {});
    log.error('c', {});
    expect(lines.map((line) => JSON.parse(line).event)).toEqual(['c']);
  });

  test.each([true, false])('escapes what would steer a terminal (pretty: %s)', (pretty) => {
    const { log, lines } = recording('info', pretty);
    const hostile = '\u001b]0;owned\u0007\u009b2J\u202ecod.exe';
    log.error(`failed${hostile}`, { reason: hostile, stack: `Error${hostile}\n  at x`, tried: [hostile] });
    const text = stripVTControlCharacters(lines.join('')).replaceAll('\n', '');
    expect(text).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    expect(text.split('\\u001b]0;owned\\u0007\\u009b2J\\u202ecod.exe').length - 1).toBe(4);
  });

  test.each([true, false])('never writes what looks like a secret (pretty: %s)', (pretty) => {
    const { log, lines } = recording('info', pretty);
    log.info('request.served', {
      authorization: 'Bearer hush',
      token: 'hush',
      headers: { authorization: 'hush', cookie: 'hush' },
      config: { password: 'hush' },
    });
    expect(lines.join('')).not.toContain('hush');
    expect(lines.join('')).toContain('[left out]');
  });

  test('writes for a person: time of day, level, event, and only what has a value', () => {
    const { log, lines } = recording('info', true);
    log.info('run.ended', { run_id: 'r-1', error_code: null, agent: 'two words', tokens: 12 });
    const plain = stripVTControlCharacters(lines.join(''));
    expect(plain).toMatch(/^\d\d:\d\d:\d\d info {2}run\.ended run_id=r-1 agent="two words" tokens=12\n$/);
  });

  test('shows the stack of a bug below its line', () => {
    const { log, lines } = recording('info', true);
    log.error('request.failed', { reason: 'oops', stack: 'Error: oops\n    at here' });
    const plain = stripVTControlCharacters(lines.join(''));
    expect(plain).toMatch(/error request\.failed reason=oops\n {4}Error: oops\n {8}at here\n$/);
  });

  test('begins no line with what somebody else wrote', () => {
    const { log, lines } = recording('info', true);
    const forged = '12:00:00 info  connector.deleted actor=root';
    const hostile = `broken\n${forged}\r\n${forged}\u2028${forged}`;
    log.error(hostile, {
      reason: hostile,
      tried: [hostile],
      [hostile]: 1,
      stack: `Error: ${hostile}\n    at x`,
    });
    const written = stripVTControlCharacters(lines.join('')).split(/\r\n|[\r\n\u2028\u2029]/);
    expect(written.filter((line) => line.startsWith('12:00:00'))).toEqual([]);
    expect(written.filter((line) => /^\d/.test(line))).toHaveLength(1);
  });

  test('has lost no line when the process ends', () => {
    const script = `
      import { createLog } from ${JSON.stringify(new URL('./log.ts', import.meta.url).href)};
      const log = createLog({ level: 'info', pretty: false });
      for (let count = 0; count < 1000; count++) log.info('counted', { count });
      process.exit(0);`;
    const output = execFileSync(process.execPath, ['--input-type=module', '-e', script], {
      encoding: 'utf8',
    });
    const lines = output.trim().split('\n');
    expect(lines).toHaveLength(1_000);
    expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ event: 'counted', count: 999 });
  });
});
