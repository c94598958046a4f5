import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** The version that the tests know. Its licence is AGPL: it runs beside the tests, and nothing of it is in the product. */
const version = '0.51.0';

/** Where the built command stays from one checkout to the next. */
const cache = join(
  process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'),
  'agent-connectors',
  `fakecloud==${version}`,
);

/**
 * The path of fakecloud's command. Cargo builds it the first time, which takes half an hour of a processor and more; the
 * environment variable `FAKECLOUD_COMMAND` names one that is there already.
 *
 * @throws Error where there is no Cargo
 */
export function fakecloudCommand(): string {
  const given = process.env['FAKECLOUD_COMMAND'];
  if (given !== undefined) return given;
  const command = join(cache, 'bin/fakecloud');
  if (!existsSync(command)) {
    const what = ['install', 'fakecloud', '--version', version, '--locked', '--debug', '--root', cache];
    execFileSync('cargo', what, { stdio: 'inherit' });
  }
  return command;
}
