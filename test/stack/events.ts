import { expect, test } from '@jest/globals';
import { Match } from 'aws-cdk-lib/assertions';
import { templateOf } from './synthesized.ts';

const template = templateOf();

/** The function that dashboards ask again and again, with its logical id. */
function eventsFunction() {
  const found = Object.entries(
    template.findResources('AWS::Lambda::Function', {
      Properties: { Environment: { Variables: { POWERTOOLS_SERVICE_NAME: 'events' } } },
    }),
  );
  const [first] = found;
  if (first === undefined || found.length > 1) throw new Error(`${found.length} functions answer for events`);
  const [id, { Properties }] = first;
  return { id, Properties };
}

test('a dashboard that is open holds no large function, none for long, and none that is kept for it', () => {
  const { Properties } = eventsFunction();
  expect(Properties).toMatchObject({ MemorySize: 256, Timeout: 10 });
  expect(Properties).not.toHaveProperty('ReservedConcurrentExecutions');
});

test('events have a route of their own, which is not streamed: a stream is billed when its reader has left', () => {
  const [resource] = Object.keys(
    template.findResources('AWS::ApiGateway::Resource', { Properties: { PathPart: 'events' } }),
  );
  template.hasResourceProperties('AWS::ApiGateway::Method', {
    ResourceId: { Ref: resource },
    HttpMethod: 'ANY',
    Integration: {
      ResponseTransferMode: Match.absent(),
      Uri: { 'Fn::Join': ['', Match.arrayWith([{ 'Fn::GetAtt': [eventsFunction().id, 'Arn'] }])] },
    },
  });
});

test('whoever is told of events may read, and note that an API key was used', () => {
  const { Role } = eventsFunction().Properties;
  const [role] = Role['Fn::GetAtt'];
  const policies = Object.values(template.findResources('AWS::IAM::Policy')).filter(
    ({ Properties }) => Properties.Roles[0].Ref === role,
  );
  const actions = policies.flatMap(({ Properties }) =>
    Properties.PolicyDocument.Statement.flatMap(({ Action }: { Action: string | string[] }) => Action),
  );
  expect(actions.filter((action: string) => !action.startsWith('logs:')).sort()).toEqual([
    'dynamodb:BatchGetItem',
    'dynamodb:GetItem',
    'dynamodb:Query',
    'dynamodb:UpdateItem',
    'secretsmanager:GetSecretValue',
  ]);
});
