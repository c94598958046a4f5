import { describe, expect, test } from '@jest/globals';
import { sampleConnector, sampleNow, sampleReceiveContext } from '../../../test/connectors/sample-records.ts';
import { noSecrets } from '../../core/ports/secret-store.ts';
import { inboundMode, outboundMode } from './index.ts';
import { receive } from './receive.ts';
import { sampleMail } from './samples.ts';

const oauth = { client_id: 'app', refresh_token: 'r', token_url: 'https://login.example.com/token' };
const server = { host: 'mail.example.com' };

function problemsOf(mode: typeof inboundMode, config: Record<string, unknown>): string[] {
  const parsed = mode.config.safeParse({ ...server, ...config });
  return parsed.error?.issues.map(({ path, message }) => `${path.join('.')} ${message}`) ?? [];
}

describe('a login to a mail server', () => {
  test.each([
    [{ username: 'a', password: 'p' }, []],
    [{ username: 'a', ...oauth }, []],
    [{ username: 'a' }, ['password Enter a password, or the fields of OAuth2.']],
    [{ password: 'p' }, ['username is required']],
    [{ username: 'a', password: 'p', ...oauth }, ['password cannot be used together with OAuth2']],
    [
      { username: 'a', client_secret: 's', token_url: oauth.token_url },
      ['client_id is required with OAuth2', 'refresh_token is required with OAuth2'],
    ],
  ])('is a password or OAuth2, to read mail: %j', (config, problems) => {
    expect(problemsOf(inboundMode, config)).toEqual(problems);
  });

  test.each([
    [{}, []],
    [{ username: 'a', password: 'p' }, []],
    [{ username: 'a' }, ['password Enter a password, or the fields of OAuth2.']],
    [{ password: 'p' }, ['username is required']],
  ])('may be absent to send mail: %j', (config, problems) => {
    expect(problemsOf(outboundMode, { from_address: 'a@example.com', ...config })).toEqual(problems);
  });

  test('goes to no host that the operator does not allow', () => {
    const config = { ...server, token_url: 'http://127.0.0.1/token' };
    const fields = (allowPrivateTargets: boolean) =>
      inboundMode
        .problems?.({ ...config, host: 'localhost' }, { allowPrivateTargets })
        .map(({ field }) => field);
    expect(fields(false)).toEqual(['host', 'token_url']);
    expect(fields(true)).toEqual([]);
  });
});

test('a message that the server does not send is refused with its coordinates', async () => {
  const config = { ...server, username: 'a', password: 'p' };
  const connector = sampleConnector('email', 'inbound', config, noSecrets);
  const unsent = { ...sampleMail([]), size: 30_000_000 };
  expect(await receive(unsent, sampleReceiveContext(connector, noSecrets, sampleNow))).toEqual({
    outcome: 'refused',
    reason: 'malformed',
    detail:
      'The mail server did not send the message with UID 42 of "INBOX" in several polls. It was skipped and left unread: read it in a mail program.',
  });
});
