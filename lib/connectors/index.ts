import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import type { ConnectorBinding } from '../connector-binding.ts';
import { type Buses, bind as bindEventBridge } from './eventbridge.ts';
import {
  agentsOfTopics,
  type KafkaSettings,
  kafkaFields,
  kafkaPairs,
  kafkaProblems,
  type Place,
} from './kafka/kafka-settings.ts';
import { bind as bindKafka } from './kafka.ts';
import { type S3Settings, s3Fields } from './s3/s3-settings.ts';
import { bind as bindS3 } from './s3.ts';
import { type SqsSettings, sqsFields } from './sqs/sqs-settings.ts';
import { bind as bindSqs } from './sqs.ts';

// The connector types with their own settings or resources in the stack; `bind` creates the resources and permissions.

export const connectorFields = { ...kafkaFields, ...sqsFields, ...s3Fields };

/** Settings that must be given together. */
export const connectorPairs = [...kafkaPairs];

/**
 * The types whose sources are polled, which needs permissions. The registry cannot tell: it loads the code of every
 * type, and synth does not.
 */
export const polledTypes: readonly string[] = ['email', 'postgres'];

/** The types whose connectors are registered with their providers, using their credentials. */
export const registeredTypes: readonly string[] = ['telegram'];

export type ConnectorSettings = KafkaSettings & SqsSettings & S3Settings;

/** Problems between settings, by setting. */
export function connectorProblems(settings: ConnectorSettings): [setting: string, message: string][] {
  return [...kafkaProblems(settings)];
}

/** Agents that the settings name, by the place that names them. */
export function namedAgents(settings: ConnectorSettings): [place: string, agents: readonly string[]][] {
  return [...agentsOfTopics(settings)];
}

/** Adds what connectors need besides the ways in and out that all types share. */
export function bindConnectors(
  system: Construct,
  settings: ConnectorSettings & Place & Buses,
  encryptionKey: IKey | undefined,
): readonly ConnectorBinding[] {
  return [
    bindKafka(system, settings, encryptionKey),
    bindEventBridge(system, settings),
    bindSqs(system, settings),
    bindS3(system, settings),
  ];
}
