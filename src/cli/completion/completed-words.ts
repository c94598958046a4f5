import type { Command } from 'commander';

/** A word that can follow a command. */
export interface CompletedWord {
  /** A command, a choice, or an option such as `--agent`. */
  readonly word: string;
  /** A short description; may be empty. */
  readonly about: string;
}

/** The words that can follow each command, by the command's own words: `` for the program itself, `api-keys list`. */
export function completedWords(program: Command): ReadonlyMap<string, readonly CompletedWord[]> {
  const globals = optionsOf(program);
  const words = new Map<string, readonly CompletedWord[]>();
  const add = (command: Command, path: readonly string[]): void => {
    const commands = command.commands.map((one) => ({ word: one.name(), about: one.summary() }));
    const choices = command.registeredArguments.flatMap(({ argChoices = [], description }) =>
      argChoices.map((word) => ({ word, about: description })),
    );
    const own = path.length === 0 ? [] : optionsOf(command);
    words.set(path.join(' '), [...commands, ...choices, ...own, ...globals]);
    for (const one of command.commands) add(one, [...path, one.name()]);
  };
  add(program, []);
  return words;
}

function optionsOf({ options }: Command): readonly CompletedWord[] {
  return options.flatMap(({ long, description }) => (long ? [{ word: long, about: description }] : []));
}
