import { shellWord } from '../render/curl-command.ts';
import type { CompletedWord } from './completed-words.ts';

export const shells = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof shells)[number];

type Words = ReadonlyMap<string, readonly CompletedWord[]>;

/** A script that completes the words of `connectors` in a shell. */
export function completionScript(shell: Shell, words: Words): string {
  switch (shell) {
    case 'bash':
      return bashScript(words);
    case 'zsh':
      return `autoload -U +X bashcompinit && bashcompinit\n${bashScript(words)}`;
    case 'fish':
      return fishScript(words);
  }
}

/** The script reads the command from the words before the cursor, without options; groups have a second word. */
function bashScript(words: Words): string {
  const cases = [...words].map(
    ([command, completed]) => `    ${shellWord(command)}) words=${shellWord(listOf(completed))} ;;`,
  );
  return `_connectors() {
  local current="\${COMP_WORDS[COMP_CWORD]}" command="" words="" index
  for ((index = 1; index < COMP_CWORD; index++)); do
    case "\${COMP_WORDS[index]}" in
      -*) ;;
      *) if [ -z "$command" ]; then command="\${COMP_WORDS[index]}"
         else case "$command" in
           ${groupsOf(words).join('|')}) command="$command \${COMP_WORDS[index]}" ;;
         esac; fi ;;
    esac
  done
  case "$command" in
${cases.join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _connectors connectors`;
}

/** Commands that have commands of their own. */
function groupsOf(words: Words): string[] {
  const nested = [...words.keys()].filter((command) => command.includes(' '));
  return [...new Set(nested.map((command) => command.split(' ')[0] ?? ''))];
}

function listOf(completed: readonly CompletedWord[]): string {
  return completed.map(({ word }) => word).join(' ');
}

function fishScript(words: Words): string {
  const lines = [...words].flatMap(([command, completed]) =>
    completed.map((one) => `complete -c connectors -n ${shellWord(conditionOf(command))} ${fishWord(one)}`),
  );
  return ['complete -c connectors -f', ...lines].join('\n');
}

function conditionOf(command: string): string {
  if (command === '') return '__fish_use_subcommand';
  const seen = command.split(' ').map((word) => `__fish_seen_subcommand_from ${word}`);
  return seen.join('; and ');
}

function fishWord({ word, about }: CompletedWord): string {
  const name = word.startsWith('--') ? `-l ${word.slice(2)}` : `-a ${word}`;
  return about === '' ? name : `${name} -d ${fishText(about)}`;
}

/** In fish, a backslash escapes within single quotes. */
function fishText(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
