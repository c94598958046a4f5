import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const version = '1.5.33';
const folder = join(import.meta.dirname, `../../node_modules/.cache/ministack-${version}`);

/**
 * Makes sure that the AWS emulator is there: its own virtual environment with Python's own tools, no Docker.
 *
 * @returns the path of its command
 */
export function installMinistack(): string {
  const given = process.env['MINISTACK'];
  if (given !== undefined) return given;
  const command = join(folder, 'bin/ministack');
  if (existsSync(command)) return command;
  execFileSync('python3', ['-m', 'venv', folder], { stdio: 'inherit' });
  const pip = join(folder, 'bin/pip');
  execFileSync(pip, ['install', '--quiet', `ministack==${version}`], { stdio: 'inherit' });
  return command;
}
