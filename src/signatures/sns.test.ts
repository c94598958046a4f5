import { describe, expect, test } from '@jest/globals';
import { signatureOf, snsCertificate } from '../../test/connectors/sns-server.ts';
import { isSignedBySns, isSnsCertificateUrl, isSnsUrl, snsSignedText } from './sns.ts';

const now = Date.UTC(2026, 11, 24);

function signed(fields: Readonly<Record<string, string>>) {
  const message = {
    Type: 'Notification',
    MessageId: '1',
    TopicArn: 'arn:aws:sns:us-west-2:123456789012:MyTopic',
    Message: 'Hello world!',
    Timestamp: '2012-05-02T00:54:06.655Z',
    SignatureVersion: '2',
    ...fields,
  };
  return { ...message, Signature: signatureOf(message) };
}

describe('a message of SNS', () => {
  test('is signed over these fields in this order, one that is absent left out', () => {
    const text = snsSignedText({
      Type: 'Notification',
      MessageId: '22b80b92',
      TopicArn: 'arn:aws:sns:us-west-2:123456789012:MyTopic',
      Subject: 'My First Message',
      Message: 'Hello world!',
      Timestamp: '2012-05-02T00:54:06.655Z',
      Token: 'not signed in a notification',
    });
    expect(text).toBe(
      'Message\nHello world!\nMessageId\n22b80b92\nSubject\nMy First Message\nTimestamp\n2012-05-02T00:54:06.655Z\n' +
        'TopicArn\narn:aws:sns:us-west-2:123456789012:MyTopic\nType\nNotification\n',
    );
    expect(snsSignedText({ Type: 'Other' })).toBeNull();
  });

  test.each(['1', '2'])('is verified by signature version %s', (SignatureVersion) => {
    expect(isSignedBySns(signed({ SignatureVersion, Subject: 's' }), snsCertificate, now)).toBe(true);
    const confirmation = {
      Type: 'SubscriptionConfirmation',
      Token: 't',
      SubscribeURL: 'u',
      SignatureVersion,
    };
    expect(isSignedBySns(signed(confirmation), snsCertificate, now)).toBe(true);
  });

  test.each([
    ['another text', { Message: 'Goodbye' }],
    ['another topic', { TopicArn: 'arn:aws:sns:us-west-2:123456789012:Other' }],
    ['another version', { SignatureVersion: '1' }],
    ['an unknown version', { SignatureVersion: '3' }],
    ['a subject that was added', { Subject: 'x' }],
    ['no signature', { Signature: '' }],
  ])('is refused with %s', (_, change) => {
    expect(isSignedBySns({ ...signed({}), ...change }, snsCertificate, now)).toBe(false);
  });

  test('is refused with what is not a certificate, and with one that is not valid yet', () => {
    expect(isSignedBySns(signed({}), 'no certificate', now)).toBe(false);
    expect(isSignedBySns(signed({}), snsCertificate, 0)).toBe(false);
  });

  test.each([
    ['https://sns.us-east-1.amazonaws.com/SimpleNotificationService-1.pem', true],
    ['https://sns.cn-north-1.amazonaws.com.cn/SimpleNotificationService-1.pem', true],
    ['http://sns.us-east-1.amazonaws.com/x.pem', false],
    ['https://sns.us-east-1.amazonaws.com.example.com/x.pem', false],
    ['https://example.com/sns.us-east-1.amazonaws.com', false],
    ['https://sns.us-east-1.amazonaws.com:8443/x.pem', false],
    ['https://sns.us-east-1.amazonaws.com@example.com/x.pem', false],
    ['sns.us-east-1.amazonaws.com', false],
  ])('of %s comes from SNS: %s', (url, isTrue) => {
    expect(isSnsUrl(url)).toBe(isTrue);
  });

  test.each([
    ['/SimpleNotificationService-0000000000000000000000a1b2c3d4e5.pem', true],
    ['/?Action=ConfirmSubscription&Token=x', false],
    ['/SimpleNotificationService-1.pem?Action=x', false],
    ['/SimpleNotificationService-1.pem/x', false],
    ['/x/SimpleNotificationService-1.pem', false],
    ['/x.pem', false],
  ])('at %s is a certificate: %s', (path, isTrue) => {
    expect(isSnsCertificateUrl(`https://sns.us-east-1.amazonaws.com${path}`)).toBe(isTrue);
  });
});
