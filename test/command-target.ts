import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { Socket } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect } from '@jest/globals';
import * as z from 'zod';
import { type CreatedConnector, createdConnector } from '../src/api/contract/index.ts';
import type { Mode } from '../src/core/connectors/connector.ts';
import type { JsonObject } from '../src/core/json/json-value.ts';
import { compiledCode, connectors, endOfOutput, type Finished } from './connectors-command.ts';
import { type ProductProcess, startProduct } from './product-process.ts';

const scenarioProject = join(import.meta.dirname, 'scenarios/project');
const token = 'token-of-the-command-line-tests';

/** A running system and the command line to it. */
export interface CommandTarget {
  readonly product: ProductProcess;
  /** The environment that leads commands to the system. */
  readonly env: Readonly<Record<string, string>>;
  run(...args: string[]): Promise<Finished>;
  /** What a command that has to succeed prints for a person. */
  text(...args: string[]): Promise<string>;
  /** What a command that has to succeed prints under `--json`. */
  json<Schema extends z.ZodType>(schema: Schema, ...args: string[]): Promise<z.output<Schema>>;
  /** Makes a connector without the command line, for tests of what comes after. */
  make(name: string, mode: Mode, agents?: readonly string[], config?: JsonObject): Promise<CreatedConnector>;
}

/** Starts a system before the tests of a file, with the scenarios' agents if not told otherwise, and ends it after them. */
export function useCommandTarget(projectDir = scenarioProject): CommandTarget {
  let product: ProductProcess | null = null;
  const running = () => {
    if (product === null) throw new Error('The system is started before the tests, not before.');
    return product;
  };
  const env = () => ({ CONNECTORS_URL: running().url, CONNECTORS_TOKEN: token });
  const commands = useCommands();
  const run = (...args: string[]) => commands(args, env());

  beforeAll(async () => {
    product = await startProduct({ projectDir, token });
  }, 60_000);
  afterAll(async () => {
    await product?.remove();
  });

  return {
    get product() {
      return running();
    },
    get env() {
      return env();
    },
    run,
    async text(...args) {
      const { exitCode, stdout, stderr } = await run(...args);
      expect({ exitCode, error: stderr.includes('error:') ? stderr : '' }).toEqual({
        exitCode: 0,
        error: '',
      });
      return stdout;
    },
    async json(schema, ...args) {
      const { exitCode, stdout, stderr } = await run(...args, '--json');
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
      return schema.parse(JSON.parse(stdout));
    },
    async make(name, mode, agents = [], config = {}) {
      const answer = await fetch(`${running().url}/api/v1/connectors`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ name, type: 'webhook', mode, agents, config }),
      });
      return createdConnector.parse(await answer.json());
    },
  };
}

let host: CommandHost | null = null;

/**
 * Runs commands in one process, each with its own environment and nothing to read, because the start of a process takes
 * longer than most commands. All test files of this process share it. It ends with this process.
 */
export function useCommands() {
  return (args: readonly string[], env: Environment): Promise<Finished> => {
    host ??= startHost();
    // Only one command can use the host's output; another one beside it gets a process of its own.
    return host.isBusy() ? connectors(args, { env }) : host.run(args, env);
  };
}

type Environment = Readonly<Record<string, string>>;

interface CommandHost {
  isBusy(): boolean;
  run(args: readonly string[], env: Environment): Promise<Finished>;
}

function startHost(): CommandHost {
  const child = fork(join(import.meta.dirname, 'command-host.ts'), {
    cwd: join(import.meta.dirname, '..'),
    execArgv: [],
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...compiledCode },
    silent: true,
  });
  const exited = once(child, 'exit').finally(() => {
    host = null;
  });
  let isBusy = false;
  keepAlive(child, false);
  return {
    isBusy: () => isBusy,
    async run(args, env) {
      isBusy = true;
      keepAlive(child, true);
      const finished = Promise.all([outputOf(child.stdout), outputOf(child.stderr), once(child, 'message')]);
      child.send({ args, env });
      const [stdout, stderr, [exitCode]] = await Promise.race([finished, exited.then(crash)]);
      keepAlive(child, false);
      isBusy = false;
      return { exitCode: z.number().parse(exitCode), stdout, stderr };
    },
  };
}

/** Whether this process waits for the child before it ends. */
function keepAlive(child: ChildProcess, isAwaited: boolean): void {
  const streams = [child.stdout, child.stderr].filter((stream) => stream instanceof Socket);
  for (const part of [child, child.channel, ...streams]) {
    if (isAwaited) part?.ref();
    else part?.unref();
  }
}

/** What one command writes. */
function outputOf(stream: ChildProcess['stdout']): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    const collect = (piece: string) => {
      text += piece;
      if (!text.endsWith(endOfOutput)) return;
      stream?.off('data', collect);
      resolve(text.slice(0, -endOfOutput.length));
    };
    stream?.setEncoding('utf8').on('data', collect);
  });
}

function crash(): never {
  throw new Error('The process of the commands has ended.');
}
