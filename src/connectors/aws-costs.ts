import { kafkaCost } from './kafka/aws-cost.ts';
import { sqsCost } from './sqs/aws-cost.ts';

/** The types that AWS runs through event source mappings, which it bills differently from requests. */
export const awsCosts = [kafkaCost, sqsCost] as const;
