import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type ParsedNode,
  parseDocument,
  type YAMLError,
} from 'yaml';
import type { ProjectProblem } from '../../../core/ports/agent-catalog.ts';
import type { LocatedValue } from './located-value.ts';

export type ReadYaml =
  | { readonly outcome: 'read'; readonly value: LocatedValue }
  | { readonly outcome: 'broken'; readonly problems: readonly ProjectProblem[] };

/** What a file describes, with an example of its first line. */
interface Described {
  readonly one: 'agent' | 'connector';
  readonly firstLine: string;
}

export const anAgent: Described = { one: 'agent', firstLine: 'name: my-agent' };
export const aConnector: Described = { one: 'connector', firstLine: 'mode: inbound' };

/**
 * Reads a YAML 1.2 file whose root is a map, and keeps the line of every value.
 *
 * @param file its path relative to the project folder
 */
export function readYaml(file: string, text: string, described = anAgent): ReadYaml {
  const { one, firstLine } = described;
  const lines = new LineCounter();
  const { contents, errors, warnings } = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    stringKeys: true,
  });
  const problems = [...errors, ...warnings].map((error): ProjectProblem => {
    const { line } = lines.linePos(error.pos[0]);
    return { file, line, field: null, message: sentenceFor(error, text, one) };
  });
  if (problems.length > 0) return { outcome: 'broken', problems: firstOfEachLine(problems) };
  const article = one === 'agent' ? 'an' : 'a';
  if (contents === null)
    return broken(file, 1, `The file is empty: expected the fields of ${article} ${one}.`);
  if (!isMap(contents)) return broken(file, 1, `Expected fields such as "${firstLine}", one per line.`);
  const source: YamlSource = { file, lines, aliases: [] };
  const value = locate(contents, contents.range[0], source);
  const [alias] = source.aliases;
  if (alias === undefined) return { outcome: 'read', value };
  return broken(file, alias, 'Anchors and aliases ("&", "*") are not supported; write the value out.');
}

interface YamlSource {
  readonly file: string;
  readonly lines: LineCounter;
  /** Lines of the aliases found. */
  readonly aliases: number[];
}

function locate(node: ParsedNode | null, offset: number, source: YamlSource): LocatedValue {
  const place = { file: source.file, line: source.lines.linePos(offset).line };
  if (isMap(node)) {
    const entries = node.items.map(
      ({ key, value }) => [String(key), locate(value, key.range[0], source)] as const,
    );
    return { ...place, kind: 'map', entries: new Map(entries) };
  }
  if (isSeq(node))
    return { ...place, kind: 'list', items: node.items.map((item) => locate(item, item.range[0], source)) };
  if (isAlias(node)) source.aliases.push(place.line);
  return { ...place, kind: 'scalar', value: isScalar(node) ? scalarValue(node.value) : null };
}

function scalarValue(value: unknown): string | number | boolean | null {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  return value === null ? null : String(value);
}

/** One mistake often causes several errors on its line; the first one describes it. */
function firstOfEachLine(problems: readonly ProjectProblem[]): readonly ProjectProblem[] {
  return problems.filter(({ line }, index) => problems.findIndex((other) => other.line === line) === index);
}

function broken(file: string, line: number, message: string): ReadYaml {
  return { outcome: 'broken', problems: [{ file, line, field: null, message }] };
}

const quotesHint = 'A text that starts with a quote or a sign, or holds ": ", must be quoted as a whole';

function sentenceFor({ code, message, pos }: YAMLError, text: string, one: Described['one']): string {
  switch (code) {
    case 'DUPLICATE_KEY':
      return `The field "${text.slice(pos[0]).split(':')[0]}" is repeated here.`;
    case 'TAB_AS_INDENT':
      return 'YAML is indented with spaces; this line has a tab.';
    case 'MULTIPLE_DOCS':
      return `A file must contain one ${one}; "---" starts a second document here.`;
    case 'NON_STRING_KEY':
      return 'The name of a field must be text.';
    case 'UNEXPECTED_TOKEN':
    case 'BLOCK_AS_IMPLICIT_KEY':
    case 'BAD_SCALAR_START':
      return `This is not valid YAML: ${message}. ${quotesHint}.`;
    default:
      return `This is not valid YAML: ${message}.`;
  }
}
