import { describe, expect, test } from '@jest/globals';
import * as z from 'zod';
import { configSchema, parseConfig, secretFieldNames } from './connector-config.ts';
import type { ModeDescription } from './connector-type.ts';

const mode: ModeDescription = {
  summary: 'A mode with everything that a configuration can have.',
  config: z.strictObject({
    topic: z.string().meta({ title: 'Topic', description: 'Where records are.' }),
    retries: z.int().default(3).meta({ title: 'Retries', description: 'How often.' }),
    password: z
      .string()
      .nullable()
      .default(null)
      .meta({ title: 'Password', description: 'Of the user.', secret: true }),
    tags: z.array(z.string()).default([]).meta({ title: 'Tags', description: 'Of records.' }),
    key: z.string().min(4).default('none').meta({ title: 'Key', description: 'To sign.', secret: true }),
  }),
  ways: {},
  samples: [],
};

describe('a configuration', () => {
  test('is parted from the fields that its schema marks as secret, with defaults filled in', () => {
    expect(
      parseConfig(mode, { topic: 'orders', password: 'hunter2' }, { allowPrivateTargets: false }),
    ).toEqual({
      outcome: 'valid',
      config: { topic: 'orders', retries: 3, tags: [] },
      secrets: { password: 'hunter2', key: 'none' },
    });
  });

  test('that is wrong is refused with all of its problems, and no value among them', () => {
    const parsed = parseConfig(
      mode,
      { retries: 'many', key: 'abc', passwort: 'hunter2' },
      { allowPrivateTargets: false },
    );
    expect(parsed).toEqual({
      outcome: 'invalid',
      problems: [
        { field: 'config.topic', message: 'is required' },
        { field: 'config.retries', message: 'must be a number' },
        { field: 'config.key', message: 'must have at least 4 characters' },
        { field: 'config.passwort', message: 'is not a known field' },
      ],
    });
    expect(JSON.stringify(parsed)).not.toMatch(/hunter2|abc/);
  });

  test('whose list has an item twice is refused with the place of the second one', () => {
    const config = { topic: 'orders', tags: ['new', 'paid', 'new'] };
    expect(parseConfig(mode, config, { allowPrivateTargets: false })).toEqual({
      outcome: 'invalid',
      problems: [{ field: 'config.tags.2', message: '"new" is listed twice' }],
    });
    expect(configSchema(mode)).toMatchObject({ properties: { tags: { uniqueItems: true } } });
  });

  test('is described so that a form needs no value for what has a default', () => {
    expect(secretFieldNames(mode)).toEqual(['password', 'key']);
    expect(configSchema(mode)).toMatchObject({
      type: 'object',
      required: ['topic'],
      properties: { topic: { title: 'Topic', type: 'string' }, retries: { default: 3 } },
    });
  });
});
