import type { KafkaProps } from './kafka/kafka-props.ts';
import type { S3Props } from './s3/s3-props.ts';
import type { SqsProps } from './sqs/sqs-props.ts';

export type { KafkaTopicProps } from './kafka/kafka-props.ts';

/** The deploy-time settings of single connector types. */
export interface ConnectorProps extends KafkaProps, SqsProps, S3Props {}
