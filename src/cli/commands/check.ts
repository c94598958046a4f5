import { resolve } from 'node:path';
import type { Command } from 'commander';
import { exitCodes } from '../cli-failure.ts';
import type { CheckedProject } from '../code/check-project.ts';
import { type FileOptions, fileSettings } from '../code/file-options.ts';
import { projectFailure } from '../code/read-files.ts';
import { examples } from '../examples.ts';
import type { GlobalOptions } from '../open-context.ts';
import { type Colours, processOutput } from '../output.ts';
import { problemLines } from '../render/problem-lines.ts';

/** `connectors check`: finds everything that is wrong with a project, without a system. */
export function checkCommand(program: Command): void {
  program
    .command('check')
    .helpGroup('Agents and runs:')
    .summary('check the files of a project')
    .description(
      'Check the agents, the code, and the connectors of a project, and list every problem with its file and line. Needs no running system. The exit code is 1 if there are problems.',
    )
    .argument('[project]', 'project folder (PROJECT_DIR, default project)')
    .option('-e, --environment <name>', 'environment of the files in connectors/ (CONNECTORS_ENVIRONMENT)')
    .addHelpText(
      'after',
      examples(['check', 'the project in project/'], ['check ../my-agents --json', 'for a script']),
    )
    .action(async (project: string | undefined, _options: unknown, command: Command) => {
      const options: FileOptions & GlobalOptions = command.optsWithGlobals();
      const files = fileSettings(project === undefined ? options : { ...options, project });
      const { checkProject } = await import('../code/check-project.ts');
      const checked = await checkProject(files);
      const isValid = checked.problems.length === 0;
      if (!isValid && options.json !== true) throw projectFailure(files.projectDir, checked.problems);
      const output = processOutput(options.json === true);
      const answer = { project: resolve(files.projectDir), valid: isValid, ...checked };
      output.answer(answer, (paint) => validText(answer, paint));
      if (!isValid) process.exitCode = exitCodes.failed;
    });
}

function validText(checked: CheckedProject & { readonly project: string }, paint: Colours): string {
  const { project, agents, tools, connectors, warnings } = checked;
  const found = [
    countOf(agents, 'agent'),
    countOf(tools, 'tool'),
    `${countOf(connectors, 'connector')} in files`,
  ].join(', ');
  const lines = [
    ...(warnings.length === 0 ? [] : [paint.yellow('Warnings:'), problemLines(warnings, paint)]),
    paint.green(`The project in ${project} is valid: ${found}.`),
  ];
  return lines.join('\n');
}

function countOf({ length }: readonly string[], noun: string): string {
  return `${length} ${noun}${length === 1 ? '' : 's'}`;
}
