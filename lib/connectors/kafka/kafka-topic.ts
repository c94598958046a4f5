import * as z from 'zod';
import { topicName } from '../../../src/connectors/kafka/connection-config.ts';
import { formed } from '../../settings/formed-text.ts';
import { asJson } from '../../settings/setting-forms.ts';

/** How a client authenticates to the brokers. All but `none` and `IAM` use the username and password of a secret. */
const authentications = ['none', 'IAM', 'SCRAM-SHA-512', 'SCRAM-SHA-256', 'PLAIN'] as const;

/**
 * A topic that is read from the deployment on. The stack contains its event source; its connector is created from it.
 */
const kafkaTopic = z
  .strictObject({
    /** Name of the connector. The same name is the same connector in every deployment. */
    name: z.string().regex(/^[\w-]{1,64}$/, 'expected letters, digits, hyphens and underscores'),
    topic: topicName,
    clusterArn: formed(/^arn:[\w-]+:kafka:.+:cluster\/.+/, 'the ARN of an MSK cluster').optional(),
    /** `host:port`, comma-separated, instead of a cluster. */
    bootstrapServers: z.string().min(1).optional(),
    authentication: z.enum(authentications).default('none'),
    /** ARN of a secret with `username` and `password`, in the form that Lambda reads. */
    secretArn: formed(
      /^arn:[\w-]+:secretsmanager:.+:secret:.+/,
      'the ARN of a Secrets Manager secret',
    ).optional(),
    groupId: z
      .string()
      .regex(/^[\w\-/*:+=.@]{1,200}$/)
      .optional(),
    startAt: z.enum(['latest', 'earliest']).default('latest'),
    /** Agents linked when the connector is created; afterwards operators manage the links. */
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

/** Keeps the topics within the environment of the function that creates the connectors: 4 KB in total. */
const maxTopics = 10;

const topics = z.array(kafkaTopic).max(maxTopics);

/** Given as a list, or as JSON on the command line. */
export const kafkaTopics = asJson(topics, 'a list of topics');
