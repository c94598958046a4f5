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

// The connector types that have something of their own in the stack: settings, and what `bind` makes and allows.

export const connectorFields = { ...kafkaFields, ...sqsFields, ...s3Fields };

/** Settings that mean nothing without each other. */
export const connectorPairs = [...kafkaPairs];

/**
 * The types whose sources are polled, which takes permissions. The registry cannot be asked: it loads the code of every
 * type, and the stack is made without.
 */
export const polledTypes: readonly string[] = ['email', 'postgres'];

/** The types whose connectors are registered at their providers, with their credentials. */
export const registeredTypes: readonly string[] = ['telegram'];

export type ConnectorSettings = KafkaSettings & SqsSettings & S3Settings;

/** What is wrong with settings that concern each other, by setting. */
export function connectorProblems(settings: ConnectorSettings): [setting: string, message: string][] {
  return [...kafkaProblems(settings)];
}

/** Agents that settings name, by the place where they do. */
export function namedAgents(settings: ConnectorSettings): [place: string, agents: readonly string[]][] {
  return [...agentsOfTopics(settings)];
}

/** Puts into the stack what connectors need beside the ways in and out that all types share. */
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
