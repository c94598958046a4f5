import { Argument, type Command } from 'commander';
import { type Shell, shells } from '../completion/completion-script.ts';
import { examples } from '../examples.ts';

/** `connectors completion`: completes commands and options in a shell. */
export function completionCommand(program: Command, whole: () => Promise<Command>): void {
  program
    .command('completion')
    .helpGroup('System:')
    .summary('print a completion script for a shell')
    .description('Print a script that completes commands and options in a shell.')
    .addArgument(new Argument('<shell>', 'the shell').choices(shells))
    .addHelpText(
      'after',
      examples(
        ['completion bash >> ~/.bashrc', 'bash'],
        ['completion zsh >> ~/.zshrc', 'zsh'],
        ['completion fish > ~/.config/fish/completions/connectors.fish', 'fish'],
      ),
    )
    .action(async (shell: Shell) => {
      const { completedWords } = await import('../completion/completed-words.ts');
      const { completionScript } = await import('../completion/completion-script.ts');
      process.stdout.write(`${completionScript(shell, completedWords(await whole()))}\n`);
    });
}
