import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { iamToken } from './msk.ts';

const environment = { AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'a-secret-to-look-for' };
const before = { ...process.env };

beforeAll(() => void Object.assign(process.env, environment));
afterAll(() => {
  for (const name of Object.keys(environment)) delete process.env[name];
  Object.assign(process.env, before);
});

describe('the token for an MSK cluster', () => {
  test("is a request that the process's own credentials have signed, for the cluster's region", async () => {
    const { value } = await iamToken('arn:aws:kafka:eu-west-1:123456789012:cluster/orders/0a1b-1');
    const url = new URL(Buffer.from(value, 'base64url').toString());
    expect(url.host).toBe('kafka.eu-west-1.amazonaws.com');
    expect(url.searchParams.get('Action')).toBe('kafka-cluster:Connect');
    expect(url.searchParams.get('X-Amz-Credential')).toMatch(
      /^AKIDEXAMPLE\/\d{8}\/eu-west-1\/kafka-cluster\//,
    );
    expect(url.searchParams.get('X-Amz-Signature')).toMatch(/^[0-9a-f]{64}$/);
    expect(url.href).not.toContain(environment.AWS_SECRET_ACCESS_KEY);
  });
});
