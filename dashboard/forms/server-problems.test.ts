import { describe, expect, test } from '@jest/globals';
import * as z from 'zod';
import { ApiFailure } from '../api/request.ts';
import { fieldsOf } from './read-schema.ts';
import { problemAt, problemSentences, serverProblems } from './server-problems.ts';

const schema = z.strictObject({
  user: z.string().meta({ title: 'User name' }),
  auth: z
    .discriminatedUnion('type', [
      z.strictObject({ type: z.literal('hmac'), header: z.string().meta({ title: 'Header' }) }).meta({}),
    ])
    .meta({ title: 'Authentication' }),
});
const fields = fieldsOf(JSON.parse(JSON.stringify(z.toJSONSchema(schema, { io: 'input' }))));

const refused = new ApiFailure(422, 'invalid-request', 'Invalid request. ...', [
  { field: 'config.user', message: 'is required with SASL_SSL' },
  { field: 'config.auth.header', message: 'This is not the name of an HTTP header.' },
  { field: 'name', message: 'is taken' },
]);

describe('what the server found wrong', () => {
  test('stands at its field, in a sentence that begins with its title', () => {
    expect(serverProblems(refused, fields)).toEqual({
      user: 'User name is required with SASL_SSL.',
      'auth.header': 'This is not the name of an HTTP header.',
    });
    expect(problemAt(refused, 'name', 'Name')).toBe('Name is taken.');
    expect(problemAt(refused, 'agents', 'Agents')).toBeUndefined();
  });

  test('is told above the form, all of it', () => {
    expect(problemSentences(refused, fields)).toEqual([
      'User name is required with SASL_SSL.',
      'Authentication, Header: This is not the name of an HTTP header.',
      'Name is taken.',
    ]);
    expect(problemSentences(new Error('The server is not responding.'), fields)).toEqual([
      'The server is not responding.',
    ]);
  });
});
