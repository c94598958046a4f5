import { describe, expect, test } from '@jest/globals';
import * as z from 'zod';
import { applicableConfig, applicableFields, fieldsOfDelivery } from './applicable.ts';
import { checkConfig } from './check-config.ts';
import { fieldsOf } from './read-schema.ts';

const schema = z.strictObject({
  protocol: z.enum(['PLAIN', 'SASL']).default('PLAIN'),
  user: z
    .string()
    .optional()
    .meta({ when: { protocol: ['SASL'] }, needed: true }),
  auth: z
    .discriminatedUnion('type', [
      z.strictObject({ type: z.literal('secret') }),
      z.strictObject({ type: z.literal('hmac'), header: z.string() }),
    ])
    .default({ type: 'secret' }),
  signing_secret: z
    .string()
    .optional()
    .meta({ when: { 'auth.type': ['hmac'] } }),
});
const fields = fieldsOf(JSON.parse(JSON.stringify(z.toJSONSchema(schema, { io: 'input' }))));

const namesOf = (config: z.input<typeof schema>) => applicableFields(fields, config).map(({ name }) => name);

describe('fields that depend on others', () => {
  test('apply where the others have one of the values, by default or by choice', () => {
    expect(namesOf({})).toEqual(['protocol', 'auth']);
    expect(namesOf({ protocol: 'SASL' })).toEqual(['protocol', 'user', 'auth']);
    expect(namesOf({ auth: { type: 'hmac', header: 'x' } })).toEqual(['protocol', 'auth', 'signing_secret']);
  });

  test('are needed only where they apply', () => {
    expect(checkConfig(fields, {})).toEqual({});
    expect(checkConfig(fields, { protocol: 'SASL' })).toEqual({ user: 'Required.' });
  });

  test('that concern only results are left out where agents send by choice', () => {
    const namesFor = (delivery: 'automatic' | 'tool' | 'code' | null) =>
      fieldsOfDelivery(
        fieldsOf({ type: 'object', properties: { url: {}, statuses: { ofResults: true } } }),
        delivery,
      ).map(({ name }) => name);
    expect([namesFor(null), namesFor('automatic')]).toEqual([
      ['url', 'statuses'],
      ['url', 'statuses'],
    ]);
    expect([namesFor('tool'), namesFor('code')]).toEqual([['url'], ['url']]);
  });

  test('leave nothing in the configuration that was typed before they went away', () => {
    const typed = { protocol: 'PLAIN', user: 'agents', signing_secret: 'x' };
    expect(applicableConfig(fields, typed)).toEqual({ protocol: 'PLAIN' });
  });
});
