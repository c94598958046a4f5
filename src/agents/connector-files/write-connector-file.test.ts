import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { parse } from 'yaml';
import { loadConnectorTypes } from '../../connectors/index.ts';
import { modes } from '../../core/connectors/connector.ts';
import { parseConfig } from '../../core/connectors/connector-config.ts';
import type { JsonObject } from '../../core/json/json-value.ts';
import { connectorFileSchema } from './file-schema.ts';
import { readConnectorFiles } from './read-connector-files.ts';
import { type ExistingConnector, writeConnectorFiles } from './write-connector-file.ts';

const connectorTypes = await loadConnectorTypes();

interface Sampled {
  readonly connector: ExistingConnector;
  readonly secrets: Readonly<Record<string, string>>;
}

/** A connector of every sample of every type. */
const sampled: Sampled[] = [...connectorTypes.values()].flatMap((type) =>
  modes.flatMap((mode) => {
    const described = type.modes[mode];
    return (described?.samples ?? []).flatMap(({ title, config }, index) => {
      if (described === undefined) return [];
      const parsed = parseConfig(described, config, { allowPrivateTargets: true });
      if (parsed.outcome === 'invalid') throw new Error(`${type.name}: ${title}`);
      const connector: ExistingConnector = {
        id: `${type.name}-${mode}-${index}`,
        name: `${title} \${x} ${mode}`,
        type: type.name,
        mode,
        config: parsed.config,
        secretFields: Object.keys(parsed.secrets),
        connection: null,
        agents: ['echo'],
        enabled: index % 2 === 0,
        filter: null,
        delivery: mode === 'outbound' ? 'tool' : null,
        key: null,
      };
      return [{ connector, secrets: parsed.secrets }];
    });
  }),
);

test.each(['../agents/order-desk', 'a/b', 'a\\b', 'a\u0000'])(
  'the key %j is not the name of a file: it is made of the name of the connector',
  (key) => {
    const [first] = sampled;
    if (first === undefined) throw new Error('no type has a sample');
    const [file] = writeConnectorFiles([{ ...first.connector, name: 'Orders', key }], connectorTypes);
    expect(file?.key).toBe('orders');
  },
);

test('written files describe the same connectors, of every type', async () => {
  const files = writeConnectorFiles(
    sampled.map(({ connector }) => connector),
    connectorTypes,
  );
  const folder = await mkdtemp(join(tmpdir(), 'written-'));
  await mkdir(join(folder, 'connectors'));
  for (const { key, text } of files) await writeFile(join(folder, 'connectors', `${key}.yaml`), text);
  const variables = Object.fromEntries(
    files.flatMap(({ variables: names }, index) =>
      names.map((name, at) => [name, Object.values(sampled[index]?.secrets ?? {})[at] ?? '']),
    ),
  );
  const options = { types: connectorTypes, environment: null, variables, secretsAs: 'values' as const };
  const read = await readConnectorFiles(folder, options);
  expect(read?.problems).toEqual([]);
  for (const [index, { key }] of files.entries()) {
    const found = read?.files.find(({ description }) => description.key === key)?.description;
    const { connector, secrets } = sampled[index] ?? { connector: null, secrets: {} };
    const described = connectorTypes.get(found?.type ?? '')?.modes[found?.mode ?? 'sync'];
    if (described === undefined || connector === null) throw new Error(key);
    expect(parseConfig(described, found?.config ?? {}, { allowPrivateTargets: true })).toEqual({
      outcome: 'valid',
      config: connector.config,
      secrets,
    });
    expect(found).toMatchObject({ name: connector.name, agents: ['echo'], enabled: connector.enabled });
  }
  await rm(folder, { recursive: true });
});

test('the JSON Schema accepts every written file, and finds misspelled fields and secrets that are written out', () => {
  const schema = connectorFileSchema(connectorTypes);
  const validate = new Ajv2020({ strict: false, validateFormats: false }).compile(schema);
  for (const { text } of writeConnectorFiles(
    sampled.map(({ connector }) => connector),
    connectorTypes,
  )) {
    validate(parse(text));
    expect(validate.errors ?? []).toEqual([]);
  }
  const isValid = (file: JsonObject) => validate(file);
  const out = { type: 'webhook', mode: 'outbound' };
  expect(isValid({ ...out, config: { timeout_seconds: '${SECONDS}' } })).toBe(true);
  expect(isValid({ ...out, config: { authorization: { secret: 'token' } } })).toBe(true);
  expect(isValid({ ...out, config: { authorization: 'Bearer abc' } })).toBe(false);
  expect(isValid({ ...out, config: { timout_seconds: 3 } })).toBe(false);
  expect(isValid({ ...out, environments: { staging: { config: { timout_seconds: 3 } } } })).toBe(false);
  expect(isValid({ ...out, bridge: 'x' })).toBe(false);
  expect(isValid({ type: 'webhok', mode: 'outbound' })).toBe(false);
});
