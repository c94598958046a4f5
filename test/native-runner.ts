import { createRequire, registerHooks } from 'node:module';
import { pathToFileURL } from 'node:url';
import type * as jest from '@jest/globals';

/** The part of Jest's environment of a test file that is used here: its console, and an exit that says who called it. */
interface Environment {
  readonly global: { readonly console: Console; readonly process: { readonly exit: typeof process.exit } };
}

type Globals = Pick<
  typeof jest,
  'afterAll' | 'afterEach' | 'beforeAll' | 'beforeEach' | 'describe' | 'expect' | 'test'
>;

/** What Jest's own runner asks to load code. */
interface Loader {
  requireInternalModule(path: string): unknown;
  requireModule(path: string): unknown;
  setGlobalsForRuntime(globals: Globals): void;
  unstable_shouldLoadAsEsm(path: string): boolean;
  unstable_importModule(path: string): Promise<unknown>;
  enterTestCode(): void;
  leaveTestCode(): void;
}

type Runner = (
  globalConfig: unknown,
  config: unknown,
  environment: Environment,
  loader: Loader,
  testPath: string,
  report: unknown,
) => Promise<unknown>;

const require = createRequire(import.meta.url);
const { default: runWithLoader }: { default: Runner } = require('jest-circus/runner');

// What test files import from @jest/globals: the functions of the file that runs.
export let afterAll: Globals['afterAll'];
export let afterEach: Globals['afterEach'];
export let beforeAll: Globals['beforeAll'];
export let beforeEach: Globals['beforeEach'];
export let describe: Globals['describe'];
export let expect: Globals['expect'];
export let test: Globals['test'];

registerHooks({
  resolve: (specifier, context, next) =>
    specifier === '@jest/globals' ? next(import.meta.url, context) : next(specifier, context),
});

// A worker whose Jest was killed would otherwise stay, with what its tests have started. Like a listener for messages, this
// one keeps the process alive: it goes when Jest takes back its own, because no file is left to run.
process.once('disconnect', process.exit);
process.on('removeListener', (event) => {
  if (event === 'message') process.off('disconnect', process.exit);
});

/** Loads test files as Node does, each module once per process. Jest's own loader loads it for each file, into a context of its own. */
const loader: Loader = {
  requireInternalModule(path) {
    // A new state for each file. Its listeners would stay.
    Reflect.deleteProperty(globalThis, Symbol.for('EVENT_HANDLERS'));
    delete require.cache[path];
    return require(path);
  },
  requireModule: require,
  setGlobalsForRuntime(globals) {
    ({ afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } = globals);
  },
  unstable_shouldLoadAsEsm: () => true,
  unstable_importModule: (path) => import(pathToFileURL(path).href),
  enterTestCode: () => {},
  leaveTestCode: () => {},
};

/** The state of a process that tests and servers change. @returns what puts it back */
function remembered(): () => void {
  const { env, exit } = process;
  const folder = process.cwd();
  const variables = { ...env };
  const names = ['console', 'Request', 'Response'];
  const globals = names.map((name) => [name, Object.getOwnPropertyDescriptor(globalThis, name)] as const);
  return () => {
    process.exit = exit;
    process.chdir(folder);
    for (const name of Object.keys(env)) if (!(name in variables)) delete env[name];
    Object.assign(env, variables);
    for (const [name, was] of globals) if (was) Object.defineProperty(globalThis, name, was);
  };
}

/** Runs a test file in this process, as Jest's own runner does but for how code is loaded. Jest calls it as its `testRunner`. */
const runTestFile: Runner = (globalConfig, config, environment, _runtime, testPath, report) => {
  const putBack = remembered();
  globalThis.console = environment.global.console;
  // Node shows the right lines of TypeScript. Jest's own way to stacks only takes time, much of it where the CDK keeps them.
  Reflect.deleteProperty(Error, 'prepareStackTrace');
  process.exit = environment.global.process.exit;
  return runWithLoader(globalConfig, config, environment, loader, testPath, report).finally(putBack);
};
export default runTestFile;
