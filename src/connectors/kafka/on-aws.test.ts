import { describe, expect, test } from '@jest/globals';
import type { Mode } from '../../core/connectors/connector.ts';
import { parseConfig } from '../../core/connectors/connector-config.ts';
import type { JsonObject } from '../../core/json/json-value.ts';
import { modesOnAws } from './index.ts';

const cluster_arn = 'arn:aws:kafka:eu-west-1:123456789012:cluster/orders/0a1b2c3d-1';
const iam = { security_protocol: 'SASL_SSL', sasl_mechanism: 'IAM' };
const scram = {
  security_protocol: 'SASL_SSL',
  sasl_mechanism: 'SCRAM-SHA-512',
  username: 'agents',
  password: 'x',
};
const bootstrap_servers = 'b-1.example.com:9096';
const topic = 'orders';

function problemsOf(mode: Mode, config: JsonObject, reads = true): string[] {
  const described = modesOnAws(new Set(reads ? (['mapping'] as const) : []))[mode];
  const parsed =
    described === undefined ? null : parseConfig(described, config, { allowPrivateTargets: false });
  return parsed?.outcome === 'invalid'
    ? parsed.problems.map(({ field, message }) => `${field} ${message}`)
    : [];
}

describe.each(['inbound', 'outbound'] as const)('a Kafka connector on AWS, %s', (mode) => {
  test.each([
    ['a cluster with IAM', { cluster_arn, topic, ...iam }],
    ['a cluster with a password', { cluster_arn, topic, ...scram }],
    ['a cluster that lets anybody in', { cluster_arn, topic }],
    ['brokers with a password', { bootstrap_servers, topic, ...scram }],
  ])('takes %s', (_what, config) => {
    expect(problemsOf(mode, config)).toEqual([]);
  });

  test.each([
    [{ topic }, /^config\.cluster_arn set this to the ARN of an MSK cluster, or set bootstrap_servers$/],
    [
      { cluster_arn, bootstrap_servers, topic },
      /^config\.bootstrap_servers cannot be combined with cluster_arn/,
    ],
    [{ cluster_arn: 'orders', topic }, /^config\.cluster_arn must be the ARN of an MSK cluster$/],
    [{ bootstrap_servers, topic, ...iam }, /^config\.cluster_arn is required with IAM$/],
    [{ cluster_arn, topic, ...iam, username: 'x' }, /^config\.username cannot be used with IAM$/],
    [
      { cluster_arn, topic, ...scram, sasl_mechanism: 'PLAIN' },
      /^config\.sasl_mechanism MSK supports IAM and SCRAM/,
    ],
    [{ cluster_arn, topic, ...scram, password: null }, /^config\.password /],
  ])('refuses %j', (config, problem) => {
    expect(problemsOf(mode, config)).toEqual([expect.stringMatching(problem)]);
  });
});

describe('reading on AWS', () => {
  const brokers = { bootstrap_servers, topic };

  test.each([
    [{ ...brokers, ...scram, security_protocol: 'SASL_PLAINTEXT' }, /Lambda sends passwords over TLS only/],
    [
      { ...brokers, security_protocol: 'SSL' },
      /^config\.security_protocol Lambda uses TLS with servers only/,
    ],
    [
      { cluster_arn, topic, ...iam, ca_certificate: '-----BEGIN CERTIFICATE-----' },
      /^config\.ca_certificate can be used only with bootstrap_servers and SASL_SSL$/,
    ],
    [{ ...brokers, group_id: 'a b' }, /^config\.group_id letters, digits, and/],
  ])('refuses what event sources cannot do: %j', (config, problem) => {
    expect(problemsOf('inbound', config)).toEqual([expect.stringMatching(problem)]);
  });

  test('is refused where the deployment has no event sources; writing is not', () => {
    const config = { cluster_arn, topic, ...iam };
    expect(problemsOf('inbound', config, false)).toEqual([
      'config.topic This deployment cannot read Kafka. Deploy it with the setting kafka=true.',
    ]);
    expect(problemsOf('outbound', config, false)).toEqual([]);
  });
});
