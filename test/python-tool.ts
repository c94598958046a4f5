import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** Tools that are written in Python, by name: what is installed of each, in the versions that the tests know. */
const packages = {
  // With cryptography, the emulator's Cognito signs its tokens as the real one does. Lambda's own runtime has boto3.
  ministack: ['ministack==1.5.33', 'cryptography==50.0.2', 'boto3==1.43.106'],
  /** The command line of AWS. */
  aws: ['awscli==1.46.3'],
  'cfn-lint': ['cfn-lint==1.58.0'],
  /** Looks for what is insecure in a template. */
  checkov: ['checkov==3.3.30'],
  // With hypothesis, which makes the requests up: the same version makes the same ones of the same seed.
  schemathesis: ['schemathesis==4.32.5', 'hypothesis==6.170.17'],
} as const;

/** Where such tools stay from one checkout to the next. */
const cache = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'agent-connectors');

/**
 * Makes sure that a tool is there: in a virtual environment of its own with Python's own installer, no Docker. An
 * environment variable (`MINISTACK`, `AWS`, `CFN_LINT`, `CHECKOV`, `SCHEMATHESIS`) names one that is there already.
 *
 * @returns the path of its command
 * @throws Error that says what is missing, where there is no Python 3
 */
export function pythonTool(name: keyof typeof packages): string {
  const given = process.env[name.toUpperCase().replace('-', '_')];
  if (given !== undefined) return given;
  const folder = join(cache, packages[name].join('-'));
  const complete = join(folder, 'complete');
  if (!existsSync(complete)) {
    install(name, folder);
    writeFileSync(complete, '');
  }
  return join(folder, 'bin', name);
}

function install(name: keyof typeof packages, folder: string): void {
  mkdirSync(folder, { recursive: true });
  try {
    execFileSync('python3', ['-m', 'venv', folder], { stdio: 'pipe' });
    execFileSync(join(folder, 'bin/pip'), ['install', '--quiet', ...packages[name]], { stdio: 'pipe' });
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    throw new Error(
      `${name} could not be installed; it needs python3 with venv, and the package index. ${reason}`,
    );
  }
}
