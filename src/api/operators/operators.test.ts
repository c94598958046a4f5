import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { describe, expect, test } from '@jest/globals';
import * as z from 'zod';
import { anyOf, fixedToken, mayCall } from './caller.ts';
import { cognitoUser, userTokenVerifier } from './cognito-user.ts';

const userPoolId = 'eu-west-1_AbCdEf123';
const clientId = 'the-client';
const keys = generateKeyPairSync('rsa', { modulusLength: 2048 });
const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 });

/** An access token as a Cognito user pool signs it. */
function accessToken(claims: Record<string, unknown>, key = keys.privateKey): string {
  return signedToken({ username: 'ada', client_id: clientId, token_use: 'access', ...claims }, key);
}

/** An ID token, which has the attributes of its user. */
function idToken(claims: Record<string, unknown>): string {
  const who = { 'cognito:username': 'user-id', aud: clientId, token_use: 'id' };
  return signedToken({ ...who, email: 'ada@example.com', email_verified: true, ...claims }, keys.privateKey);
}

/** Signed as a user pool does it (RS256). */
function signedToken(claims: Record<string, unknown>, key: KeyObject): string {
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const now = Math.floor(Date.now() / 1_000);
  const payload = {
    sub: 'user-id',
    iss: `https://cognito-idp.eu-west-1.amazonaws.com/${userPoolId}`,
    iat: now,
    exp: now + 3_600,
    ...claims,
  };
  const text = `${encode({ alg: 'RS256', kid: 'key-1' })}.${encode(payload)}`;
  return `${text}.${sign('RSA-SHA256', Buffer.from(text), key).toString('base64url')}`;
}

function knownUsers() {
  const verifier = userTokenVerifier(userPoolId, clientId);
  const { n = '', e = '' } = keys.publicKey.export({ format: 'jwk' });
  verifier.cacheJwks({ keys: [{ kid: 'key-1', kty: 'RSA', alg: 'RS256', use: 'sig', n, e }] });
  return cognitoUser(verifier);
}

describe('a Cognito user', () => {
  const operators = { 'cognito:groups': ['somebody', 'operator'] };
  const who = (token: string) => knownUsers()(`Bearer ${token}`);

  test('has the role of its group', async () => {
    expect(await who(accessToken(operators))).toEqual({ name: 'ada', role: 'operator' });
    expect(await who(accessToken({ 'cognito:groups': ['viewer'] }))).toEqual({ name: 'ada', role: 'viewer' });
  });

  test('is named by the verified e-mail address of an ID token', async () => {
    expect(await who(idToken(operators))).toEqual({ name: 'ada@example.com', role: 'operator' });
    const changed = idToken({ ...operators, email: 'eve@example.com', email_verified: false });
    expect(await who(changed)).toEqual({ name: 'user-id', role: 'operator' });
    expect(await who(idToken({ ...operators, email: undefined }))).toEqual({
      name: 'user-id',
      role: 'operator',
    });
  });

  test('without a group of ours is nobody', async () => {
    expect(await who(accessToken({}))).toBeNull();
  });

  test.each([
    ['signed with another key', accessToken(operators, stranger.privateKey)],
    ['that has expired', accessToken({ ...operators, exp: 1_000 })],
    ['of another client', accessToken({ ...operators, client_id: 'other' })],
    ['of another pool', accessToken({ ...operators, iss: 'https://cognito-idp.eu-west-1.amazonaws.com/x' })],
    ['that is an ID token of another client', idToken({ ...operators, aud: 'other' })],
    ['that is neither an ID nor an access token', accessToken({ ...operators, token_use: 'refresh' })],
    ['that is none', 'a.b.c'],
    ['of another kind', 'first-token'],
  ])('is not known by a token %s', async (_title, token) => {
    expect(await who(token)).toBeNull();
  });
});

describe('the keys of a pool', () => {
  test('are read where the SDK is told that AWS is', async () => {
    const { n = '', e = '' } = keys.publicKey.export({ format: 'jwk' });
    const paths: string[] = [];
    const server = createServer((request, response) => {
      paths.push(request.url ?? '');
      response.end(JSON.stringify({ keys: [{ kid: 'key-1', kty: 'RSA', alg: 'RS256', use: 'sig', n, e }] }));
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const { port } = z.object({ port: z.number() }).parse(server.address());
    const known = cognitoUser(userTokenVerifier(userPoolId, clientId, `http://127.0.0.1:${port}`));
    const token = accessToken({ 'cognito:groups': ['viewer'] });
    expect(await known(`Bearer ${token}`)).toEqual({ name: 'ada', role: 'viewer' });
    expect(paths).toEqual([`/${userPoolId}/.well-known/jwks.json`]);
    server.close();
  });

  test('that cannot be read let nobody in', async () => {
    const known = cognitoUser(userTokenVerifier(userPoolId, clientId, 'http://127.0.0.1:1'));
    await expect(known(`Bearer ${accessToken({})}`)).rejects.toThrow();
  });
});

describe('the ways to be known', () => {
  test('are asked one after the other', async () => {
    const known = anyOf(fixedToken('first', 'one'), fixedToken('second', 'two'));
    expect(await known('Bearer two')).toEqual({ name: 'second', role: 'operator' });
    expect(await known('Bearer three')).toBeNull();
    expect(await known(undefined)).toBeNull();
  });

  test('an empty token lets nobody in', () => {
    expect(fixedToken('first', '')('Bearer ')).toBeNull();
  });
});

describe('a role', () => {
  test.each([
    ['operator', 'POST', '/api/v1/connectors', true],
    ['operator', 'GET', '/api/v1/connectors/abc/secret', true],
    ['viewer', 'GET', '/api/v1/connectors', true],
    ['viewer', 'HEAD', '/api/v1/runs', true],
    ['viewer', 'POST', '/api/v1/connectors', false],
    ['viewer', 'DELETE', '/api/v1/connectors/abc', false],
    ['viewer', 'GET', '/api/v1/connectors/abc/secret', false],
    ['viewer', 'GET', '/api/v1/api-keys', false],
    ['viewer', 'GET', '/api/v1/connectors/api-keys-of-a-shop', true],
    ['viewer', 'POST', '/api/v1/mcp', true],
    ['viewer', 'PUT', '/api/v1/connectors/abc/agents/mcp', false],
    ['viewer', 'DELETE', '/api/v1/connectors/abc/agents/mcp', false],
    ['viewer', 'POST', '/api/v1/agents/mcp', false],
  ] as const)('%s may call %s %s: %s', (role, method, path, allowed) => {
    expect(mayCall(role, method, path)).toBe(allowed);
  });
});
