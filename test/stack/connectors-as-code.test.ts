import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Validations } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { AwsSolutionsChecks } from 'cdk-nag';
import * as z from 'zod';
import { makeStack, removeAssemblies, templateOf } from './synthesized.ts';

afterAll(removeAssemblies);

let project: string;

beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), 'project-'));
  cpSync('project', project, { recursive: true });
  mkdirSync(join(project, 'connectors'));
});

afterEach(() => {
  rmSync(project, { recursive: true });
  delete process.env['REPORTS_URL'];
  delete process.env['REPORTS_TOKEN'];
});

function write(key: string, text: string): void {
  writeFileSync(join(project, 'connectors', `${key}.yaml`), text);
}

const reports = `type: webhook
mode: outbound
config:
  url: \${REPORTS_URL}
  authorization: \${REPORTS_TOKEN}
agents: [order-writer]
environments:
  production: { enabled: false }
`;

const resource = z.object({
  Properties: z.object({ Connectors: z.string() }),
  DependsOn: z.array(z.string()),
});

describe('a project with connectors as code', () => {
  test('has them in the template, with their variables filled in, and without a secret', () => {
    process.env['REPORTS_URL'] = 'https://hooks.example/reports';
    process.env['REPORTS_TOKEN'] = 'Bearer very-secret';
    write('reports', reports);
    const secretArn = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:connectors-AbCdEf';
    const settings = { project, connectorEnvironment: 'production', connectorSecretsArn: secretArn };
    const template = Template.fromStack(makeStack(settings).stack);
    const [found] = Object.values(template.findResources('AWS::CloudFormation::CustomResource')).flatMap(
      (one) => resource.safeParse(one).data ?? [],
    );
    expect(JSON.parse(found?.Properties.Connectors ?? '')).toEqual([
      {
        key: 'reports',
        name: 'reports',
        type: 'webhook',
        mode: 'outbound',
        config: { url: 'https://hooks.example/reports', authorization: { secret: 'REPORTS_TOKEN' } },
        connection: null,
        agents: ['order-writer'],
        enabled: false,
      },
    ]);
    expect(JSON.stringify(template.toJSON())).not.toContain('very-secret');
    const functions = Object.keys(template.findResources('AWS::Lambda::Function'));
    const ours = functions.filter((id) => id.startsWith('ConnectorsFunctions'));
    expect(found?.DependsOn).toEqual(expect.arrayContaining(ours));
    const readers = Object.values(template.findResources('AWS::IAM::Policy')).filter((policy) =>
      JSON.stringify(policy).includes(secretArn),
    );
    expect(readers).toHaveLength(2);
  });

  test('passes the AwsSolutions pack of cdk-nag', () => {
    write('in', 'type: webhook\nmode: inbound\n');
    const { app } = makeStack({ project });
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
    expect(() => app.synth()).not.toThrow();
  });

  test('is not deployed with problems in its files, which are all named', () => {
    write('reports', reports);
    write('a', 'type: webhook\nmode: sync\nagents: [nobody]\nenabld: true\n');
    expect(() => makeStack({ project, connectorEnvironment: 'production' })).toThrow(
      `The agent project ${project} cannot be deployed:
  connectors/a.yaml:4: enabld: There is no field "enabld". Did you mean "enabled"?
  connectors/reports.yaml:4: config.url: The variable REPORTS_URL is not set.
  connectors/a.yaml:3: agents.0: There is no agent named "nobody".`,
    );
  });
});

test('a project without a folder for connectors leaves those of the deployment alone', () => {
  const resources = templateOf().findResources('AWS::CloudFormation::CustomResource');
  expect(JSON.stringify(resources)).not.toContain('ConnectorsAsCode');
});
