import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp, mkdir, open, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';

/**
 * A program that stands in for the command line of Docker, as far as fakecloud uses it for Lambda: a "container" is a folder
 * with the function's files, and a process on this machine that serves its invocations.
 */
const folder = process.env['CONTAINERS'] ?? '';

/** What a container was created with. */
const created = z.object({
  image: z.string(),
  handler: z.string(),
  environment: z.record(z.string(), z.string()),
});

/** Options of `create` that take a value. */
const valued = ['-p', '-e', '--label', '--add-host', '--tmpfs'];

const inContainer = (id: string, ...path: string[]) => join(folder, id, ...path);

/** A variable without a value has the one of this process. A container would reach the host under another name. */
function variableOf(text: string): [string, string] {
  const [name = '', ...rest] = text.split('=');
  const value = rest.length === 0 ? (process.env[name] ?? '') : rest.join('=');
  return [name, value.replaceAll('host.docker.internal', '127.0.0.1')];
}

async function create(args: readonly string[]): Promise<string> {
  const id = randomUUID();
  const variables: [string, string][] = [];
  const plain: string[] = [];
  for (let at = 0; at < args.length; at++) {
    const option = args[at] ?? '';
    if (!valued.includes(option)) plain.push(option);
    else if (args[++at] !== undefined && option === '-e') variables.push(variableOf(args[at] ?? ''));
  }
  const [image = '', handler = ''] = plain;
  const container = { image, handler, environment: Object.fromEntries(variables) };
  for (const part of ['var/task', 'opt']) await mkdir(inContainer(id, part), { recursive: true });
  await writeFile(inContainer(id, 'container.json'), JSON.stringify(container));
  return id;
}

async function copy(from: string, to: string): Promise<void> {
  const [id = '', path = ''] = to.split(':');
  await cp(from.replace(/\/\.$/, ''), inContainer(id, path), { recursive: true });
}

/** Resolves once the server listens: it writes down at which port. */
async function start(id: string): Promise<void> {
  const { image, handler, environment } = created.parse(
    JSON.parse(await readFile(inContainer(id, 'container.json'), 'utf8')),
  );
  const own = {
    LAMBDA_TASK_ROOT: inContainer(id, 'var/task'),
    SERVED_HANDLER: handler,
    PORT_FILE: inContainer(id, 'port'),
  };
  const log = await open(inContainer(id, 'log'), 'w');
  const [command, program] = image.includes('python')
    ? [process.env['FUNCTION_PYTHON'] ?? 'python3', 'function_server.py']
    : [process.execPath, 'function-server.ts'];
  const server = spawn(command, [join(import.meta.dirname, program)], {
    cwd: own.LAMBDA_TASK_ROOT,
    env: { ...process.env, ...environment, ...own },
    detached: true,
    stdio: ['ignore', log.fd, log.fd],
  });
  await writeFile(inContainer(id, 'pid'), String(server.pid));
  while (!existsSync(own.PORT_FILE)) {
    if (server.exitCode !== null) throw new Error(await readFile(inContainer(id, 'log'), 'utf8'));
    await sleep(20);
  }
}

async function remove(id: string): Promise<void> {
  const pid = Number(await readFile(inContainer(id, 'pid'), 'utf8').catch(() => '0'));
  try {
    if (pid > 0) process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
  await rm(inContainer(id), { recursive: true, force: true });
}

async function answer(command: string | undefined, args: readonly string[]): Promise<string> {
  const [first = '', second = ''] = args;
  if (command === 'create') return create(args);
  if (command === 'cp') return copy(first, second).then(() => '');
  if (command === 'start') return start(first).then(() => first);
  if (command === 'port') return `127.0.0.1:${await readFile(inContainer(first, 'port'), 'utf8')}`;
  if (command === 'logs') return readFile(inContainer(args.at(-1) ?? '', 'log'), 'utf8');
  if (command === 'rm') return remove(args.at(-1) ?? '').then(() => '');
  if (command === '--version') return 'Docker version 27.0.0, build stand-in';
  return '';
}

const [command, ...args] = process.argv.slice(2);
process.stdout.write(`${await answer(command, args)}\n`);
process.exit();
