import { spawnSync } from 'node:child_process';
import { describe, expect, test } from '@jest/globals';
import { connectors } from '../../../test/connectors-command.ts';
import { commandLine } from '../command-line.ts';
import { completedWords } from './completed-words.ts';
import { completionScript } from './completion-script.ts';

const words = completedWords(await commandLine());

/** What bash offers to complete the last word. */
function offered(...typed: readonly string[]): string[] {
  const line = ['connectors', ...typed].map((word) => `'${word}'`).join(' ');
  const ask = `COMP_WORDS=(${line}); COMP_CWORD=${typed.length}; _connectors; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout, stderr } = spawnSync('bash', ['-c', `${completionScript('bash', words)}\n${ask}`], {
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  return stdout.trim().split('\n');
}

describe('completion in bash', () => {
  test('offers commands, subcommands, choices, and options', () => {
    expect(offered('dea')).toEqual(['dead-letters']);
    expect(offered('api-keys', '')).toEqual(expect.arrayContaining(['list', 'create', 'revoke']));
    expect(offered('api-keys', 'create', 'ci', '--ro')).toEqual(['--role']);
    expect(offered('connections', 'cr')).toEqual(['create']);
    expect(offered('connections', 'create', 'orders', '--ty')).toEqual(['--type']);
    expect(offered('create', 'in')).toEqual(['inbound']);
    expect(offered('create', 'inbound', '--ag')).toEqual(['--agent']);
    expect(offered('--json', 'runs', '--fo')).toEqual(['--follow']);
  });
});

describe('the script of each shell', () => {
  test('is printed by the command, from the same words', async () => {
    expect((await connectors(['completion', 'zsh'])).stdout).toBe(`${completionScript('zsh', words)}\n`);
  });

  test('of fish has a line for each word, with what it means', () => {
    const lines = completionScript('fish', words).split('\n');
    expect(lines).toContain(
      "complete -c connectors -n __fish_use_subcommand -a health -d 'show what needs attention'",
    );
    expect(lines).toContain(
      "complete -c connectors -n '__fish_seen_subcommand_from send' -l secret -d 'secret to sign or authenticate with (default: the connector\\'s own)'",
    );
  });
});

test('bin/connectors runs the command line on the Node of the product, from any folder', () => {
  const binary = new URL('../../../bin/connectors', import.meta.url).pathname;
  const { stdout, status } = spawnSync(binary, ['--version'], { encoding: 'utf8', cwd: '/' });
  expect([status, stdout]).toEqual([0, expect.stringMatching(/^\d+\.\d+\.\d+\n$/)]);
});
