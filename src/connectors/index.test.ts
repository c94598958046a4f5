import { readdirSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { awsCosts } from './aws-costs.ts';
import { connectorTypes } from './index.ts';

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

  test('knows each type by its own name', () => {
    for (const [name, type] of connectorTypes) expect(type.name).toBe(name);
  });
});
