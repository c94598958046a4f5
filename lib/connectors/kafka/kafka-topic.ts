import * as z from 'zod';
import { topicName } from '../../../src/connectors/kafka/connection-config.ts';
import { formed } from '../../settings/formed-text.ts';
import { asJson } from '../../settings/setting-forms.ts';

/** How a client proves who it is to the brokers; all but IAM have name and password in a secret. */
const authentications = ['none', 'IAM', 'SCRAM-SHA-512', 'SCRAM-SHA-256', 'PLAIN'] as const;

/** A topic that is read from the deployment on: its event source is in the stack, its connector is made by it. */
const kafkaTopic = z
  .strictObject({
    /** Of the connector; the same name is the same connector in every deployment. */
    name: z.string().regex(/^[\w-]{1,64}$/, 'expected letters, digits, hyphens and underscores'),
    topic: topicName,
    clusterArn: formed(/^arn:[\w-]+:kafka:.+:cluster\/.+/, 'the ARN of an MSK cluster').optional(),
    /** `host:port`, several with commas between them, instead of a cluster. */
    bootstrapServers: z.string().min(1).optional(),
    authentication: z.enum(authentications).default('none'),
    /** ARN of a secret with `username` and `password`, as Lambda reads it. */
    secretArn: formed(
      /^arn:[\w-]+:secretsmanager:.+:secret:.+/,
      'the ARN of a Secrets Manager secret',
    ).optional(),
    groupId: z
      .string()
      .regex(/^[\w\-/*:+=.@]{1,200}$/)
      .optional(),
    startAt: z.enum(['latest', 'earliest']).default('latest'),
    /** Agents that are linked when the connector is made; later as operators say. */
    agents: z.array(z.string()).default([]),
  })
  .superRefine((topic, context) => {
    const refuse = (path: string, message: string) =>
      context.addIssue({ code: 'custom', path: [path], message });
    if ((topic.clusterArn === undefined) === (topic.bootstrapServers === undefined)) {
      refuse('clusterArn', 'give either clusterArn or bootstrapServers');
    }
    const hasPassword = topic.authentication !== 'none' && topic.authentication !== 'IAM';
    if (hasPassword !== (topic.secretArn !== undefined)) {
      refuse(
        'secretArn',
        hasPassword ? `is required with ${topic.authentication}` : 'is used with a password only',
      );
    }
    if (topic.authentication === 'IAM' && topic.clusterArn === undefined) {
      refuse('clusterArn', 'is required with IAM');
    }
  });

export type KafkaTopic = z.output<typeof kafkaTopic>;

/** What fits into the configuration of the function that makes the connectors: 4 KB in all. */
const maxTopics = 10;

const topics = z.array(kafkaTopic).max(maxTopics);

/** Given as a list, or as its JSON on the command line. */
export const kafkaTopics = asJson(topics, 'a list of topics');
