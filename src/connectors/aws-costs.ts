import { kafkaCost } from './kafka/aws-cost.ts';
import { sqsCost } from './sqs/aws-cost.ts';

/** The types whose runs come by event source mappings, which are billed in another way than requests. */
export const awsCosts = [kafkaCost, sqsCost] as const;
