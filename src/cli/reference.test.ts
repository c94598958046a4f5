import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { Command } from 'commander';
import { commandLine } from './command-line.ts';

const reference = readFileSync(join(import.meta.dirname, '../../docs/cli.md'), 'utf8');
const sections = new Map(
  reference
    .split('\n### ')
    .slice(1)
    .map((text) => [/^`connectors ([a-z-]+(?: [a-z-]+)*)/.exec(text)?.[1], text]),
);
const commands = leavesOf(await commandLine());

/** The commands that can be run, by their words: `list`, `api-keys list`. */
function leavesOf(group: Command, path: readonly string[] = []): { name: string; command: Command }[] {
  return group.commands.flatMap((command) => {
    const words = [...path, command.name()];
    return command.commands.length > 0 ? leavesOf(command, words) : [{ name: words.join(' '), command }];
  });
}

describe('the reference of the command line', () => {
  test('has a section for each command, and for no other', () => {
    expect([...sections.keys()].sort()).toEqual(commands.map(({ name }) => name).sort());
  });

  test.each(commands)('$name: every argument and option', ({ name, command }) => {
    const section = sections.get(name) ?? '';
    const places = command.registeredArguments.map((argument) => {
      const dots = argument.variadic ? '...' : '';
      return argument.required ? `<${argument.name()}${dots}>` : `[${argument.name()}${dots}]`;
    });
    expect(section).toContain(`\`${['connectors', name, ...places].join(' ')}\``);
    for (const { flags } of command.options) expect(section).toContain(`\`${flags}\``);
  });

  test('every command has a description and an example', () => {
    for (const { name, command } of commands) {
      expect(command.description()).toMatch(/\.$/);
      let help = '';
      command
        .configureOutput({
          writeOut: (text) => {
            help += text;
          },
        })
        .outputHelp();
      expect(help).toContain(`$ npx connectors ${name}`);
    }
  });
});
