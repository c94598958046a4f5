import { basename } from 'node:path/posix';
import { messageOf } from '../../core/errors.ts';
import { type JsonObject, jsonObject } from '../../core/json/json-value.ts';
import { suggestion } from '../../core/nearest-name.ts';
import type { ProjectProblem } from '../../core/ports/agent-catalog.ts';
import type { ProjectFile } from './project-files.ts';

export type FoundSchema =
  | { readonly outcome: 'found'; readonly schema: JsonObject }
  /** One sentence for the agent that refers to it. */
  | { readonly outcome: 'missing'; readonly message: string }
  /** The file itself is invalid; no problems if it cannot be read, which is already reported. */
  | { readonly outcome: 'broken'; readonly problems: readonly ProjectProblem[] };

/** The schemas of `schemas/`, read when an agent refers to them. */
export class OutputSchemas {
  readonly #files: ReadonlyMap<string, ProjectFile>;
  readonly #found = new Map<string, Promise<FoundSchema>>();
  readonly #unreadable: ReadonlySet<string>;

  /** @param unreadable files and folders of the project that cannot be read */
  constructor(files: readonly ProjectFile[], unreadable: ReadonlySet<string>) {
    this.#unreadable = unreadable;
    this.#files = new Map(files.map((file) => [basename(file.file, '.json'), file]));
  }

  /** @param reference `answer` or `answer.json`, both for `schemas/answer.json` */
  find(reference: string): Promise<FoundSchema> {
    const name = basename(reference, '.json');
    const known = this.#found.get(name) ?? this.#read(name);
    this.#found.set(name, known);
    return known;
  }

  async #read(name: string): Promise<FoundSchema> {
    const file = this.#files.get(name);
    if (file === undefined) {
      const isKnown = ['schemas', `schemas/${name}.json`].some((path) => this.#unreadable.has(path));
      if (isKnown) return { outcome: 'broken', problems: [] };
      const message = `There is no file schemas/${name}.json.${suggestion(name, this.#files.keys())}`;
      return { outcome: 'missing', message };
    }
    return readSchema(file);
  }
}

async function readSchema({ file, text }: ProjectFile): Promise<FoundSchema> {
  const broken = (line: number | null, message: string): FoundSchema => ({
    outcome: 'broken',
    problems: [{ file, line, field: null, message }],
  });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (thrown) {
    const [, line] = /line (\d+)/.exec(messageOf(thrown)) ?? [];
    return broken(line === undefined ? null : Number(line), `This is not valid JSON: ${messageOf(thrown)}.`);
  }
  const schema = jsonObject.safeParse(value);
  if (!schema.success) return broken(1, 'Expected a JSON Schema: an object.');
  const complaint = await complaintAbout(schema.data);
  return complaint === null ? { outcome: 'found', schema: schema.data } : broken(null, complaint);
}

async function complaintAbout(schema: JsonObject): Promise<string | null> {
  const { schemaCheck } = await import('../run/json-schema.ts');
  try {
    schemaCheck(schema);
    return null;
  } catch (thrown) {
    return `This is not a valid JSON Schema: ${messageOf(thrown)}.`;
  }
}
