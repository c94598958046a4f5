import { describe, expect, test } from '@jest/globals';
import { queueArn, readQueueUrl } from './queue-url.ts';

describe('the URL of a queue', () => {
  test.each([
    ['https://sqs.eu-west-1.amazonaws.com/123456789012/orders', 'arn:aws:sqs:eu-west-1:123456789012:orders'],
    [
      'https://eu-west-1.queue.amazonaws.com/123456789012/orders.fifo',
      'arn:aws:sqs:eu-west-1:123456789012:orders.fifo',
    ],
    ['https://queue.amazonaws.com/123456789012/orders', 'arn:aws:sqs:us-east-1:123456789012:orders'],
    [
      'https://sqs.cn-north-1.amazonaws.com.cn/123456789012/orders',
      'arn:aws-cn:sqs:cn-north-1:123456789012:orders',
    ],
    [
      'https://sqs-fips.us-gov-west-1.amazonaws.com/123456789012/o',
      'arn:aws-us-gov:sqs:us-gov-west-1:123456789012:o',
    ],
    [
      'https://vpce-0a1b-2c.sqs.eu-west-1.vpce.amazonaws.com/123456789012/o',
      'arn:aws:sqs:eu-west-1:123456789012:o',
    ],
  ])('%s names the region and the queue of AWS', (url, arn) => {
    const address = readQueueUrl(url);
    expect(address).toMatchObject({ origin: null });
    expect(address === null ? null : queueArn(address)).toBe(arn);
  });

  test.each([
    ['http://localhost:9324/000000000000/orders', 'http://localhost:9324'],
    [
      'https://sqs.eu-west-1.amazonaws.com.example.com/123456789012/orders',
      'https://sqs.eu-west-1.amazonaws.com.example.com',
    ],
  ])('%s is that of another server', (url, origin) => {
    expect(readQueueUrl(url)).toMatchObject({ region: null, origin });
  });

  test.each([
    'orders',
    'ftp://host/123456789012/orders',
    'https://host/orders',
    'https://host/123456789012/a b',
  ])('%s is none', (url) => {
    expect(readQueueUrl(url)).toBeNull();
  });
});
