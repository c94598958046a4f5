import { describe, expect, test } from '@jest/globals';
import { variablesOfText } from './agent-variables.ts';

const secret = 'sk-live-0123456789';

describe("The secret of variables for agents' tools", () => {
  test('holds JSON with variables and their values', () => {
    expect(variablesOfText(JSON.stringify({ ORDERS_TOKEN: secret, region: 'eu' }))).toEqual({
      outcome: 'read',
      variables: { ORDERS_TOKEN: secret, region: 'eu' },
    });
  });

  test.each([
    ['no JSON', secret],
    ['JSON that breaks off', `{"ORDERS_TOKEN": "${secret}"`],
    ['no object', JSON.stringify([secret])],
    ['something else than texts', JSON.stringify({ ORDERS_TOKEN: { value: secret } })],
    ['the name of no variable', JSON.stringify({ 'orders token': secret })],
    ['a variable of Lambda', JSON.stringify({ AWS_ACCESS_KEY_ID: secret })],
    ['a variable of the deployment', JSON.stringify({ TABLE_NAME: secret })],
    ['a variable that changes how Node starts', JSON.stringify({ NODE_OPTIONS: secret })],
  ])('is refused with %s, and nothing of its values is told', (_what, text) => {
    const read = variablesOfText(text);
    expect(read).toMatchObject({
      outcome: 'unusable',
      problem: expect.stringContaining('must be a JSON object'),
    });
    expect(JSON.stringify(read)).not.toContain(secret.slice(0, 6));
  });

  test('is refused with the names of the variables that it may not hold', () => {
    expect(variablesOfText(JSON.stringify({ TABLE_NAME: 'x', ORDERS_TOKEN: 'y' }))).toMatchObject({
      problem: expect.stringMatching(/Not usable: TABLE_NAME\.$/),
    });
  });
});
