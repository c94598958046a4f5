import { basename, dirname, extname } from 'node:path/posix';
import type { LoadContext } from './load-context.ts';
import type { OtherFile, ProjectFile } from './project-files.ts';
import { exportedFunctions } from './tool-sources/exported-functions.ts';
import { parseModule } from './tool-sources/source-module.ts';

/** What each code folder contains, as the beginning of a sentence. */
const contents: Readonly<Record<string, string>> = {
  tools: 'Tools are',
  middleware: 'Middleware is',
  hooks: 'Hooks are',
  guardrails: 'Guardrails are',
};

/** Unsupported languages, by file extension. */
const languages: Readonly<Record<string, string>> = {
  '.py': 'Python',
  '.rb': 'Ruby',
  '.go': 'Go',
  '.java': 'Java',
  '.kt': 'Kotlin',
  '.rs': 'Rust',
  '.php': 'PHP',
  '.cs': 'C#',
  '.sh': 'a shell script',
  '.wasm': 'WebAssembly',
};

/** Extensions of code that can be imported, but that is none of the code itself. */
const relatives = new Set(['.js', '.mjs', '.cjs', '.jsx', '.tsx', '.mts', '.cts']);

/** Files that may accompany code: texts for people, data that code imports, declarations and tests. */
const harmless =
  /\.(md|txt|json)$|^(readme|licen[cs]e|notice|changelog)$|\.d\.[cm]?ts$|\.(test|spec)\.[cm]?[jt]sx?$/i;

/**
 * Checks the files in the code folders that are not read on their own. Those that an author may take for such a file are
 * refused, or cause a warning, so that code on which an author relies is never silently ignored.
 *
 * @param imported the files that the code imports; `null` if the code could not be bundled
 */
export function checkOtherFiles(
  files: readonly OtherFile[],
  imported: ReadonlySet<string> | null,
  context: LoadContext,
): void {
  for (const file of files) {
    if (imported?.has(file.file) === true || harmless.test(basename(file.file))) continue;
    checkFile(file, imported !== null, context);
  }
}

function checkFile({ file, text }: OtherFile, isBundled: boolean, context: LoadContext): void {
  const folder = file.slice(0, file.indexOf('/'));
  const ending = extname(file).toLowerCase();
  const language = languages[ending];
  const refuse = (message: string) => context.log.refuse({ file, line: null }, [], message);
  if (language !== undefined) {
    refuse(
      `This is ${language}, which is not supported. ${contents[folder]} TypeScript: write it as ${typescriptName(file)}.`,
    );
  } else if (basename(file).startsWith('_') || !isBundled) {
    return;
  } else if (relatives.has(ending)) {
    refuse(
      `No code of the project imports this file, and its ending makes it none. ${contents[folder]} read from files that end in .ts: rename it to ${typescriptName(file)}.`,
    );
  } else if (ending === '.ts' && text !== null) {
    checkCodeInSubfolder({ file, text }, folder, context);
  } else {
    refuse(
      `Nothing reads this file. ${contents[folder]} read from files that end in .ts, which may import .json and .txt; move other files out of ${folder}/.`,
    );
  }
}

/** Functions that make a file what its folder contains. */
const entryFunctions: Readonly<Record<string, readonly string[]>> = {
  middleware: ['before', 'after'],
  hooks: ['before', 'after'],
  guardrails: ['check'],
};

/** Subfolders are for imports. A file that nothing imports may be meant to be more. */
function checkCodeInSubfolder({ file, text }: ProjectFile, folder: string, { log }: LoadContext): void {
  const parsed = parseModule(file, text);
  const functions = parsed.outcome === 'parsed' ? exportedFunctions(parsed.module) : [];
  const place = { file, line: null };
  const names = entryFunctions[folder] ?? [];
  if (functions.some(({ name }) => names.includes(name))) {
    log.refuse(
      place,
      [],
      `${contents[folder]} read from the files directly in ${folder}/: move it to ${folder}/${basename(file)}.`,
    );
  } else if (folder === 'tools' && functions.some(({ isAsync }) => isAsync)) {
    log.warn(
      place,
      [],
      `No tool imports this file, and in a subfolder it is none itself: tools are read from the files directly in tools/.`,
    );
  }
}

function typescriptName(file: string): string {
  const name = basename(file, extname(file));
  return `${dirname(file)}/${name}.ts`;
}
