import { describe, expect, test } from '@jest/globals';
import { awsError, awsErrorName } from './aws-error.ts';
import { BlockedTarget } from './target-guard.ts';

function answered(name: string, message: string): Error {
  return Object.assign(new Error(message), { name, $metadata: { httpStatusCode: 400 } });
}

describe('what a person is told of an error of AWS', () => {
  test.each([
    ['a service names', answered('AccessDenied', 'Not allowed'), 'AccessDenied: Not allowed.'],
    ['a service names without a word', answered('ServiceUnavailable', ''), 'ServiceUnavailable.'],
    [
      'the network names',
      Object.assign(new Error('socket hang up'), { name: 'TimeoutError', code: 'ECONNRESET' }),
      'The server closed the connection.',
    ],
    [
      'the guard names',
      new Error('wrapped', { cause: new BlockedTarget({ message: 'Not there.', isFinal: true }) }),
      'Not there.',
    ],
    [
      'the SDK names where there are no credentials',
      Object.assign(new Error('Could not load'), { name: 'CredentialsProviderError', $metadata: undefined }),
      'The process has no AWS credentials: set the access key of the connector, or give the process credentials.',
    ],
    ['nobody knows', new Error('odd'), 'odd.'],
    ['is none', null, 'The request failed.'],
  ])('that %s', (_, thrown, sentence) => {
    expect(awsError(thrown, [])).toBe(sentence);
  });

  test('has no secret', () => {
    expect(awsError(answered('Bad', 'key abcdefgh1234 is wrong'), ['abcdefgh1234'])).toBe(
      'Bad: key [redacted] is wrong.',
    );
  });

  test('is the code of a service only where the service has answered', () => {
    expect(awsErrorName(answered('AccessDenied', ''))).toBe('AccessDenied');
    expect(awsErrorName(new Error('x'))).toBeNull();
  });
});
