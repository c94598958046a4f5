import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { Match, type Template } from 'aws-cdk-lib/assertions';
import * as z from 'zod';
import { tableIndexes } from '../../src/engines/aws/store/keys.ts';
import { templateOf } from './synthesized.ts';

const reference = z.object({ Ref: z.string() });
const metric = z.object({
  Namespace: z.string().optional(),
  MetricName: z.string().optional(),
  Dimensions: z.array(z.object({ Name: z.string(), Value: z.unknown() })).optional(),
});
const alarm = z.object({
  Properties: metric.extend({
    AlarmDescription: z.string(),
    AlarmActions: z.array(reference),
    Metrics: z.array(z.object({ MetricStat: z.object({ Metric: metric }).optional() })).optional(),
  }),
});
type Alarm = z.infer<typeof alarm>['Properties'];

const template = templateOf({ kafka: true, eventBuses: ['default'], websocket: true });
const alarms = alarmsOf(template);
const operating = readFileSync(join(import.meta.dirname, '../../docs/operating.md'), 'utf8');

function alarmsOf(from: Template): Alarm[] {
  return Object.values(from.findResources('AWS::CloudWatch::Alarm')).map(
    (each) => alarm.parse(each).Properties,
  );
}

/** The metrics that an alarm is made of. */
function metricsOf({ Metrics, ...own }: Alarm): z.infer<typeof metric>[] {
  if (Metrics === undefined) return [own];
  return Metrics.flatMap(({ MetricStat }) => (MetricStat === undefined ? [] : [MetricStat.Metric]));
}

function nameOf({ AlarmDescription }: Alarm): string {
  return /"(\w+)" in docs/.exec(AlarmDescription)?.[1] ?? '';
}

describe('every alarm', () => {
  test.each(alarms.map((each): [string, Alarm] => [nameOf(each), each]))(
    '%s may publish to its topic',
    (_name, { AlarmActions }) => {
      expect(AlarmActions).toHaveLength(1);
      template.hasResourceProperties('AWS::SNS::TopicPolicy', {
        Topics: AlarmActions,
        PolicyDocument: {
          Statement: Match.arrayWith([
            {
              Sid: Match.anyValue(),
              Effect: 'Allow',
              Action: 'sns:Publish',
              Principal: { Service: 'cloudwatch.amazonaws.com' },
              Resource: AlarmActions[0],
              Condition: {
                StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } },
                ArnLike: {
                  'aws:SourceArn': {
                    'Fn::Join': [
                      '',
                      [
                        'arn:',
                        { Ref: 'AWS::Partition' },
                        ':cloudwatch:',
                        { Ref: 'AWS::Region' },
                        ':',
                        { Ref: 'AWS::AccountId' },
                        ':alarm:*',
                      ],
                    ],
                  },
                },
              },
            },
          ]),
        },
      });
    },
  );

  test.each(alarms.map((each) => [nameOf(each)]))(
    '%s has its heading in the runbook, or its name under one',
    (name) => {
      const headings = [...operating.matchAll(/^### (\w+)$/gm)].flatMap(([, heading]) => heading ?? []);
      const heading = headings.find((each) => name === each || (name.startsWith(each) && name !== ''));
      expect(heading).toBeDefined();
      if (heading === name) return;
      const [, page = ''] = operating.split(`### ${heading}\n`);
      const text = page.split('\n### ')[0] ?? '';
      expect(text.includes(`\`${name}\``) || text.includes(`\`…${name.slice(heading?.length)}\``)).toBe(true);
    },
  );

  test('watches something of this deployment alone: two in one account never ring for each other', () => {
    const other = alarmsOf(makeOther());
    for (const each of other.flatMap(metricsOf)) {
      expect(each.Dimensions?.length).toBeGreaterThan(0);
      const isOwn = (value: unknown) => typeof value === 'object' || String(value).startsWith('staging-');
      expect(each.Dimensions?.some(({ Value }) => isOwn(Value))).toBe(true);
    }
  });
});

/** A second environment: its stack has another name. */
function makeOther(): Template {
  return templateOf({}, 'staging');
}

describe('metrics of the product', () => {
  test('carry the name that the functions are told', () => {
    const own = alarms.flatMap(metricsOf).filter(({ Namespace }) => Namespace === 'AgentConnectors');
    const names = own.flatMap(({ Dimensions = [] }) =>
      Dimensions.filter(({ Name }) => Name === 'deployment'),
    );
    expect(names).toHaveLength(own.length);
    template.hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: { DEPLOYMENT_NAME: names[0]?.Value } },
    });
  });

  test('of the API have its name as their dimension', () => {
    template.hasResourceProperties('AWS::ApiGateway::RestApi', {
      Name: Match.stringLikeRegexp('^AgentConnectors-'),
    });
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      Namespace: 'AWS/ApiGateway',
      Dimensions: [{ Name: 'ApiName', Value: Match.stringLikeRegexp('^AgentConnectors-') }],
    });
  });
});

describe('a reconciler that does not start', () => {
  test('rings, though a function that is never called has no metrics', () => {
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmDescription: Match.stringLikeRegexp('"ReconcilerStopped"'),
      MetricName: 'Invocations',
      Dimensions: [{ Name: 'FunctionName', Value: { Ref: Match.stringLikeRegexp('FunctionsReconcile') } }],
      ComparisonOperator: 'LessThanThreshold',
      Threshold: 1,
      TreatMissingData: 'breaching',
    });
  });
});

describe('a table that turns requests away', () => {
  test.each([
    ['TableThrottles', 'WriteThrottleEvents'],
    ['TableReadThrottles', 'ReadThrottleEvents'],
  ])(
    'rings for the table and for each of its indexes, by a sum that always has a value: %s',
    (name, metricName) => {
      const watched = alarms.filter((each) => nameOf(each) === name).flatMap(metricsOf);
      const refused = watched.filter(({ MetricName }) => MetricName === metricName);
      const indexes = refused.flatMap(({ Dimensions = [] }) =>
        Dimensions.flatMap(({ Name, Value }) => (Name === 'GlobalSecondaryIndexName' ? [Value] : [])),
      );
      expect(indexes).toEqual(Object.values(tableIndexes).map((index) => index.name));
      expect(refused).toHaveLength(1 + indexes.length);
      expect(watched.filter(({ MetricName }) => MetricName === 'Invocations')).toHaveLength(1);
      // What CloudWatch takes for an alarm on an expression.
      expect(watched.length).toBeLessThanOrEqual(10);
    },
  );
});

describe("Lambda's detection of endless loops", () => {
  const entries = (RecursiveLoop: string) =>
    Object.values(template.findResources('AWS::Lambda::Function', { Properties: { RecursiveLoop } }))
      .map(({ Properties }) => Properties.Environment.Variables.POWERTOOLS_SERVICE_NAME)
      .toSorted();

  test('lets only the runner go on, whose chains are as long as the line of runs that wait for a place', () => {
    expect(entries('Allow')).toEqual(['runner']);
    expect(entries('Terminate')).toHaveLength(15);
  });

  test('rings for each function that a queue calls, but for the runner, which it never stops', () => {
    const reading = Object.values(
      template.findResources('AWS::Lambda::EventSourceMapping', {
        Properties: {
          EventSourceArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('Queue|DeadLetters|LostBatches'), 'Arn'] },
        },
      }),
    ).map(({ Properties }) => Properties.FunctionName.Ref);
    const watched = alarms
      .filter(({ MetricName }) => MetricName === 'RecursiveInvocationsDropped')
      .map(({ Dimensions }) => reference.parse(Dimensions?.[0]?.Value).Ref);
    const stopped = [...new Set(reading)].filter((id) => !String(id).includes('FunctionsRunner'));
    expect(stopped).toHaveLength(new Set(reading).size - 1);
    expect(watched.toSorted()).toEqual(stopped.toSorted());
  });
});
