import { join } from 'node:path';
import { afterAll, beforeAll } from '@jest/globals';
import type { Message } from 'kafkajs';
import { type ProductProcess, startProduct } from '../product-process.ts';
import { type Operator, operatorOf } from '../scenarios/operator.ts';
import { type Broker, startBroker } from './broker.ts';

const projectDir = join(import.meta.dirname, '../scenarios/project');
const token = 'kafka-admin-token-7f3a';

/** A broker and the product, each in a process of its own. */
export interface KafkaTarget {
  readonly broker: Broker;
  readonly product: ProductProcess;
  readonly operator: Operator;
  /** Connection settings for a connector. */
  readonly servers: { readonly bootstrap_servers: string };
  /** Makes a topic with a name of its own. */
  newTopic(partitions?: number): Promise<string>;
  /** Writes messages, acknowledged. */
  produce(topic: string, messages: readonly Message[]): Promise<void>;
  /** One more process of the product, on a data folder of its own; gone after the tests. */
  startAnother(): Promise<{ readonly product: ProductProcess; readonly operator: Operator }>;
}

/** Starts broker and product before the tests of the file, and ends them after. */
export function useKafka(env: Record<string, string> = {}): KafkaTarget {
  let broker: Broker | null = null;
  const products: ProductProcess[] = [];
  let topics = 0;
  const started = <Part>(part: Part | null | undefined): Part => {
    if (part === null || part === undefined) throw new Error('It is not started yet.');
    return part;
  };
  const start = async () => {
    const product = await startProduct({ projectDir, token, env: { LOG_LEVEL: 'warn', ...env } });
    products.push(product);
    return product;
  };
  const operatorFor = (product: () => ProductProcess) =>
    operatorOf({
      token,
      get baseUrl() {
        return product().url;
      },
    });

  beforeAll(async () => {
    [broker] = await Promise.all([startBroker(), start()]);
  });

  afterAll(async () => {
    await Promise.all(products.map((product) => product.remove()));
    await broker?.remove();
  });

  const first = () => started(products[0]);
  return {
    get broker() {
      return started(broker);
    },
    get product() {
      return first();
    },
    operator: operatorFor(first),
    get servers() {
      return { bootstrap_servers: started(broker).servers.PLAINTEXT };
    },
    async newTopic(partitions = 1) {
      const topic = `topic-${++topics}`;
      await started(broker).createTopic(topic, partitions);
      return topic;
    },
    async produce(topic, messages) {
      const producer = started(broker).client.producer();
      await producer.connect();
      await producer.send({ topic, messages: [...messages], acks: -1 });
      await producer.disconnect();
    },
    async startAnother() {
      const product = await start();
      return { product, operator: operatorFor(() => product) };
    },
  };
}
