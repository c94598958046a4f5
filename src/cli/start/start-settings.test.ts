import { describe, expect, test } from '@jest/globals';
import { readStartSettings } from './start-settings.ts';

describe('settings of the start', () => {
  test('have a default each', () => {
    expect(readStartSettings({ PORT: '', UNRELATED: 'x' })).toEqual({
      outcome: 'valid',
      settings: {
        port: 4_000,
        host: '127.0.0.1',
        baseUrl: null,
        dataDir: '.data',
        projectDir: 'project',
        connectorsEnvironment: null,
        adminToken: null,
        engine: { allowPrivateTargets: false },
        allowUnsupported: [],
        allowedHosts: [],
        maxRequestsPerAddress: null,
        logLevel: 'info',
      },
    });
  });

  test('are read from the environment', () => {
    const read = readStartSettings({
      PORT: '0',
      HOST: '0.0.0.0',
      BASE_URL: 'https://agents.example.com/',
      ALLOW_PRIVATE_TARGETS: '1',
      ALLOW_UNSUPPORTED: 'knowledge, reasoning_budget',
      ALLOWED_HOSTS: 'agents.internal, connectors',
      RETENTION_DAYS: '7',
      MAX_REQUESTS_PER_ADDRESS: '5000',
      DRAIN_SECONDS: '0',
    });
    expect(read).toMatchObject({
      settings: {
        port: 0,
        host: '0.0.0.0',
        baseUrl: 'https://agents.example.com',
        allowedHosts: ['agents.internal', 'connectors'],
        maxRequestsPerAddress: 5_000,
        allowUnsupported: ['knowledge', 'reasoning_budget'],
        engine: {
          baseUrl: 'https://agents.example.com',
          allowPrivateTargets: true,
          retentionDays: 7,
          drainSeconds: 0,
        },
      },
    });
  });

  test('private targets are allowed by address ranges, too', () => {
    expect(readStartSettings({ ALLOW_PRIVATE_TARGETS: '10.0.0.0/8, fd12::/16' })).toMatchObject({
      settings: { engine: { allowPrivateTargets: ['10.0.0.0/8', 'fd12::/16'] } },
    });
  });

  test.each([
    [{ PORT: 'http' }, 'PORT must be a whole number from 0 to 65535 (got "http").'],
    [{ PORT: '70000' }, 'PORT must be a whole number from 0 to 65535 (got "70000").'],
    [{ BASE_URL: 'example' }, 'BASE_URL must be a URL such as https://agents.example.com (got "example").'],
    [
      { ALLOW_PRIVATE_TARGETS: 'yes' },
      'ALLOW_PRIVATE_TARGETS must be 1 (allow loopback and private targets), 0 (refuse them), or address ranges such as 10.0.0.0/8,fd00::/8 (got "yes").',
    ],
    [
      { ALLOW_PRIVATE_TARGETS: '10.0.0.0/8,192.168.0.0' },
      'ALLOW_PRIVATE_TARGETS must be 1 (allow loopback and private targets), 0 (refuse them), or address ranges such as 10.0.0.0/8,fd00::/8 (got "10.0.0.0/8,192.168.0.0").',
    ],
    [{ RETENTION_DAYS: '0' }, 'RETENTION_DAYS must be a whole number from 1 to 3650 (got "0").'],
    [
      { ALLOW_UNSUPPORTED: 'knowlege' },
      'ALLOW_UNSUPPORTED contains the unknown feature "knowlege"; did you mean "knowledge"? (got "knowlege").',
    ],
    [
      { ALLOW_PRIVATE_TARGET: '1' },
      'ALLOW_PRIVATE_TARGET is not a setting. Did you mean ALLOW_PRIVATE_TARGETS?',
    ],
    [{ CONNECTORS_TOKN: 'x' }, 'CONNECTORS_TOKN is not a setting. Did you mean CONNECTORS_TOKEN?'],
    [
      { OLLAMA_BASE_URL: 'localhost:11434' },
      'OLLAMA_BASE_URL must be a URL such as https://models.example.com/v1 (got "localhost:11434").',
    ],
    [{ LOG_LEVEL: 'loud' }, 'LOG_LEVEL must be one of debug, info, warn, error, silent (got "loud").'],
  ])('%j is refused in a sentence of its own', (env, sentence) => {
    expect(readStartSettings(env)).toEqual({ outcome: 'invalid', sentences: [sentence] });
  });

  test('a token that is refused is not repeated', () => {
    expect(readStartSettings({ ADMIN_TOKEN: 'short' })).toEqual({
      outcome: 'invalid',
      sentences: ['ADMIN_TOKEN must have at least 8 characters and no spaces.'],
    });
  });

  test('all problems come at once', () => {
    expect(readStartSettings({ PORT: 'x', LOG_LEVEL: 'y' })).toMatchObject({ sentences: { length: 2 } });
  });
});
