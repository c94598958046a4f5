import type { Command } from 'commander';
import type { FileSettings } from './read-files.ts';

export interface FileOptions {
  readonly project?: string;
  readonly environment?: string;
}

/** Adds the options of commands that read the files of connectors. */
export function addFileOptions(command: Command): Command {
  return command
    .option('--project <folder>', 'project folder with connectors/ (PROJECT_DIR, default project)')
    .option('-e, --environment <name>', 'environment of the files to use (CONNECTORS_ENVIRONMENT)');
}

/** Where the files are, and what fills in their variables. */
export function fileSettings({ project, environment }: FileOptions): FileSettings {
  const { env } = process;
  return {
    projectDir: project ?? (env['PROJECT_DIR'] || 'project'),
    environment: environment ?? (env['CONNECTORS_ENVIRONMENT'] || null),
    env,
  };
}
