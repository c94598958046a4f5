import { readdirSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { connectionKinds } from '../core/connections/find-kind.ts';
import { awsCosts } from './aws-costs.ts';
import { loadConnectorTypes } from './index.ts';

const connectorTypes = await loadConnectorTypes();

describe('the registry of connector types', () => {
  test('is the listing of its folder', () => {
    const folders = readdirSync(new URL('.', import.meta.url), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name);
    expect([...connectorTypes.keys()].sort()).toEqual(folders.sort());
  });

  test('has the types that the estimate of the cost on AWS names', () => {
    for (const { part } of awsCosts) expect([...connectorTypes.keys()]).toContain(part);
  });

  test('has one kind of connections of each name, however many types share it', () => {
    const kinds = [...connectorTypes.values()].flatMap(({ connection }) => connection ?? []);
    for (const kind of kinds) expect(connectionKinds(connectorTypes).get(kind.name)).toBe(kind);
  });

  test('knows each type by its own name', () => {
    for (const [name, type] of connectorTypes) expect(type.name).toBe(name);
  });
});
