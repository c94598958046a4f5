import { realpath } from 'node:fs/promises';
import { basename, dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BuildFailure, BuildOptions, Message, OutputFile, Plugin } from 'esbuild';
import * as z from 'zod';
import type { ProjectProblem } from '../../core/ports/agent-catalog.ts';
import { projectScheme } from '../stack-trace.ts';

/** Contents of a bundle. */
export interface CodeParts {
  /** Files such as `tools/orders.ts`, with those of their functions that are tools. */
  readonly toolFiles: readonly { readonly file: string; readonly tools: readonly string[] }[];
  /** `middleware/<agent>.ts`. */
  readonly middlewareFiles: readonly string[];
  /** `hooks/<agent>.ts`. */
  readonly hooksFiles: readonly string[];
  /** `guardrails/<name>.ts`. */
  readonly guardrailFiles: readonly string[];
}

export type BundledCode =
  | {
      readonly outcome: 'bundled';
      /** The module and its source map, by their names in the build folder. */
      readonly files: ReadonlyMap<string, string>;
      /** Absolute paths of the files bundled into the module, with links resolved. */
      readonly imported: ReadonlySet<string>;
      readonly warnings: readonly ProjectProblem[];
    }
  | { readonly outcome: 'broken'; readonly problems: readonly ProjectProblem[] };

/** Name of the bundle in its folder. */
export const codeFileName = 'project.mjs';

/** Lets bundled CommonJS packages call `require` for Node's built-in modules. */
const requireBanner =
  "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);";

/**
 * Bundles a project's code, and the packages that it imports, into one ES module for Node with a
 * source map. The module exports what `ProjectCode` has. Writes nothing and runs none
 * of the code.
 *
 * @param projectDir absolute
 * @param buildDir absolute; the bundle will get its own folder in it
 */
export async function bundleCode(
  projectDir: string,
  buildDir: string,
  parts: CodeParts,
): Promise<BundledCode> {
  // The bundler names files by their real paths, even if the project is reached through a link.
  const root = await realpath(projectDir).catch(() => projectDir);
  const options = {
    stdin: { contents: entryModule(parts), resolveDir: root, sourcefile: 'project' },
    absWorkingDir: root,
    outfile: join(buildDir, 'digest', codeFileName),
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    sourcemap: 'linked',
    banner: { js: requireBanner },
    write: false,
    metafile: true,
    plugins: [providedModule],
    logLevel: 'silent',
  } satisfies BuildOptions;
  const { build, stop } = await import('esbuild');
  builds += 1;
  try {
    const { outputFiles, metafile, warnings } = await build(options);
    const files = new Map(outputFiles.map((file) => [basename(file.path), textOf(file, root)]));
    const imported = new Set(Object.keys(metafile.inputs).map((file) => join(root, file)));
    return { outcome: 'bundled', files, imported, warnings: warnings.map(problemOf) };
  } catch (thrown) {
    if (!isBuildFailure(thrown)) throw thrown;
    return { outcome: 'broken', problems: thrown.errors.map(problemOf) };
  } finally {
    builds -= 1;
    if (builds === 0) await stop();
  }
}

/** Provides `agent-connectors/agent`, so that a project needs no package for it. */
const providedModule: Plugin = {
  name: 'agent-connectors',
  setup({ onResolve }) {
    onResolve({ filter: /^agent-connectors\/agent$/ }, ({ path }) => ({
      path: fileURLToPath(import.meta.resolve(path)),
    }));
    onResolve({ filter: /^agent-connectors$/ }, () => ({
      errors: [
        { text: 'Code of agents imports from "agent-connectors/agent"; "agent-connectors" is for CDK apps' },
      ],
    }));
  },
};

/** Builds in progress in this process; after the last one, esbuild's own process can stop. */
let builds = 0;

function entryModule({ toolFiles, middlewareFiles, hooksFiles, guardrailFiles }: CodeParts): string {
  const tools = toolFiles.flatMap(({ file, tools: names }) =>
    names.map((name) => `${JSON.stringify(name)}: ${idOf(file)}.${name.slice(name.indexOf('.') + 1)},`),
  );
  return [
    ...[...toolFiles.map(({ file }) => file), ...middlewareFiles, ...hooksFiles, ...guardrailFiles].map(
      (file) => `import * as ${idOf(file)} from ${JSON.stringify(`./${file}`)};`,
    ),
    `export const tools = {${tools.join('\n')}};`,
    `export const middleware = {${byName(middlewareFiles)}};`,
    `export const hooks = {${byName(hooksFiles)}};`,
    `export const guardrails = {${byName(guardrailFiles)}};`,
  ].join('\n');
}

function byName(files: readonly string[]): string {
  return files.map((file) => `${JSON.stringify(basename(file, '.ts'))}: ${idOf(file)},`).join('\n');
}

/** An identifier for a file: different for different files. */
function idOf(file: string): string {
  return `_${Buffer.from(file).toString('hex')}`;
}

function textOf({ path, text }: OutputFile, root: string): string {
  return path.endsWith('.map') ? projectSourceMap(text, dirname(path), root) : text;
}

function problemOf({ text, location }: Message): ProjectProblem {
  return { file: location?.file ?? 'tools', line: location?.line ?? null, field: null, message: `${text}.` };
}

function isBuildFailure(thrown: unknown): thrown is BuildFailure {
  return typeof thrown === 'object' && thrown !== null && 'errors' in thrown && Array.isArray(thrown.errors);
}

const sourceMap = z.looseObject({ sources: z.array(z.string()) });

/**
 * A source map that names the files of the project by their path in it, and those of packages by their package,
 * independently of where they are on this machine.
 *
 * @param text the map, whose sources are relative to `mapDir`
 */
function projectSourceMap(text: string, mapDir: string, projectDir: string): string {
  const map = sourceMap.parse(JSON.parse(text));
  const sources = map.sources.map(
    (source) => projectScheme + placeOf(relative(projectDir, join(mapDir, source))),
  );
  return JSON.stringify({ ...map, sources });
}

function placeOf(file: string): string {
  const parts = file.split(sep);
  const packages = parts.lastIndexOf('node_modules');
  if (packages >= 0) return parts.slice(packages).join('/');
  // Files outside the project are named as if they were in it.
  return parts.filter((part) => part !== '..').join('/');
}
