import type { AgentConnectorsProps } from '../../lib/settings/agent-connectors-props.ts';

/** The deployments that linters of templates look at, by what they are. */
export const templates: Readonly<Record<string, AgentConnectorsProps>> = {
  'a deployment as it is by default': {},
  'a deployment that goes with its data': { removalPolicy: 'destroy' },
  'a deployment with every setting': {
    agentEnvironment: { REGION: 'eu' },
    agentSecretArn: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:tools-AbCdEf',
    alarmEmail: 'ada@example.com',
    allowPrivateTargets: true,
    apiCertificateArn: 'arn:aws:acm:eu-west-1:111122223333:certificate/1234',
    apiDomain: 'api.example.com',
    apiGatewayLogRole: false,
    apiReservedConcurrency: 10,
    baseUrl: 'https://connectors.example.com',
    connectorCacheSeconds: 0,
    dashboardAccessLogs: true,
    deliveryConcurrency: 1_000,
    encryptionKey: 'arn:aws:kms:eu-west-1:111122223333:key/0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9',
    logRetentionDays: 3_653,
    providerKeysSecretArn: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:keys-AbCdEf',
    retentionDays: 3_650,
    runnerConcurrency: 1_000,
    syncReservedConcurrency: 100,
    tableDeletionProtection: true,
    throttleBurst: 200,
    throttleRate: 100,
    wafRateLimit: 2_000,
    webhookReservedConcurrency: 100,
    xRay: true,
  },
};
