import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { loadConnectorTypes } from '../src/connectors/index.ts';
import { modes } from '../src/core/connectors/connector.ts';
import type { AnyConnectorType } from '../src/core/connectors/connector-type.ts';
import { type Way, ways } from '../src/core/connectors/ways.ts';
import { deployedTypes } from '../src/engines/aws/on-aws.ts';
import { waysOfDeployments, waysOfSomeDeployments } from '../src/engines/aws/ways/source-kind.ts';
import { waysOfProcess } from '../src/engines/embedded/ways/ways-of-process.ts';

const connectorTypes = await loadConnectorTypes();

const page = readFileSync(join(import.meta.dirname, '../docs/connectors/README.md'), 'utf8');

/** The ways in, in the words of the page. */
const words: Readonly<Record<Way, string>> = {
  request: 'requests',
  schedule: 'schedule',
  poll: 'polling',
  listen: 'own connection',
  mapping: 'Lambda event source',
  rule: 'EventBridge rule',
  socket: 'WebSocket',
};

/** Ways that fetch the same events: an engine uses the first that it has. */
const fetching: readonly Way[] = ['listen', 'mapping', 'poll'];

const engines = [
  { types: connectorTypes, has: waysOfProcess },
  {
    types: deployedTypes(connectorTypes, () => waysOfSomeDeployments),
    has: new Set([...waysOfDeployments, ...waysOfSomeDeployments]),
  },
];

function rowsOf({ name, title }: AnyConnectorType): string[] {
  const described = modes.filter((mode) => engines.some(({ types }) => types.get(name)?.modes[mode]));
  return described.map((mode, index) => {
    const first = index === 0 ? `| [${title}](${name}.md) |` : '| |';
    const cells = engines.map(({ types, has }) => cellOf(types.get(name), mode, has));
    return `${first} ${mode} | ${cells.join(' | ')} |`;
  });
}

function cellOf(
  type: AnyConnectorType | undefined,
  mode: (typeof modes)[number],
  has: ReadonlySet<Way>,
): string {
  const description = type?.modes[mode];
  if (description === undefined) return 'no';
  if (mode === 'outbound') return 'yes';
  const used = ways.filter((way) => description.ways[way] !== undefined && has.has(way));
  const fetched = fetching.find((way) => used.includes(way));
  const shown = used.filter((way) => !fetching.includes(way) || way === fetched);
  return shown.length === 0 ? 'no' : shown.map((way) => words[way]).join(', ');
}

describe('the table of connector types', () => {
  test('has a row for each mode of each type, with what each engine has for it', () => {
    const rows = page.split('\n').filter((line) => /^\| (\[|\|)/.test(line));
    expect(rows).toEqual([...connectorTypes.values()].flatMap(rowsOf));
  });
});
