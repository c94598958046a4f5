import type { SampledRequest, SampleRequestContext } from '../../core/connectors/connector-type.ts';
import { sampleWithSecret } from '../../providers/sample-with-secret.ts';
import { inboundConfigOf } from './inbound-config.ts';

/** A request for a new object, as an API destination sends it. A payload that is a complete event is sent unchanged. */
export function sampleRequest(context: SampleRequestContext): SampledRequest {
  const { connector, id, now } = context;
  const { bucket, prefix = '', suffix = '.txt' } = inboundConfigOf(connector.config);
  return sampleWithSecret(context, 'x-connic-secret', (json) =>
    isEvent(json) ? json : JSON.stringify(eventOf(bucket, `${prefix}test${suffix}`, id, now)),
  );
}

function isEvent(json: string): boolean {
  return /"(detail-type|Records)"\s*:/.test(json);
}

function eventOf(bucket: string, key: string, id: string, now: number) {
  return {
    version: '0',
    id,
    'detail-type': 'Object Created',
    source: 'aws.s3',
    account: '123456789012',
    time: new Date(now).toISOString(),
    region: 'us-east-1',
    resources: [`arn:aws:s3:::${bucket}`],
    detail: {
      version: '0',
      bucket: { name: bucket },
      object: {
        key,
        size: 4,
        etag: '098f6bcd4621d373cade4e832627b4f6',
        sequencer: now.toString(16).toUpperCase(),
      },
      'request-id': id,
      requester: '123456789012',
      'source-ip-address': '127.0.0.1',
      reason: 'PutObject',
    },
  };
}
