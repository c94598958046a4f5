import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const version = '1.5.33';
/** With it, the emulator's Cognito signs its tokens as the real one does. */
const cryptographyVersion = '50.0.2';
const folder = join(
  import.meta.dirname,
  `../../node_modules/.cache/ministack-${version}-cryptography-${cryptographyVersion}`,
);

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
  const packages = [`ministack==${version}`, `cryptography==${cryptographyVersion}`];
  execFileSync(pip, ['install', '--quiet', ...packages], { stdio: 'inherit' });
  return command;
}
