import { text } from 'node:stream/consumers';
import { type LocalServer, serveLocally } from '../local-server.ts';

/** Twilio's API, as far as the product uses it, as twilio.com/docs describes it. */
export interface TwilioServer extends LocalServer {
  /** Parameters of the messages that it has taken. */
  readonly messages: Readonly<Record<string, string>>[];
  /** Called before each message: what to answer instead of taking it. */
  refuse: () => TwilioRefusal | null;
}

export interface TwilioRefusal {
  readonly status: number;
  readonly code: number;
  readonly message: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export const mediaText = 'a,b\n1,2\n';

/** @param accountSid and its token: of the only account that it knows */
export async function startTwilioServer(accountSid: string, authToken: string): Promise<TwilioServer> {
  const twilio = {
    messages: [] as Readonly<Record<string, string>>[],
    refuse: (): TwilioRefusal | null => null,
  };
  const basic = `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}`;
  const server = await serveLocally(async (request, response) => {
    const answer = (status: number, body: unknown, headers: Readonly<Record<string, string>> = {}) =>
      response
        .writeHead(status, { 'content-type': 'application/json', ...headers })
        .end(JSON.stringify(body));
    if (request.url === '/stored-media' && request.headers.authorization === undefined) {
      return response.writeHead(200, { 'content-type': 'text/csv' }).end(mediaText);
    }
    if (request.headers.authorization !== basic) {
      return answer(401, { code: 20003, message: 'Authenticate', status: 401 });
    }
    if (request.url?.includes('/Media/')) return response.writeHead(307, { location: '/stored-media' }).end();
    const account = `/2010-04-01/Accounts/${accountSid}`;
    if (request.url === `${account}.json`) return answer(200, { friendly_name: 'Acme', status: 'active' });
    if (request.url !== `${account}/Messages.json`) return answer(404, { code: 20404, message: 'Not found' });
    const form = Object.fromEntries(new URLSearchParams(await text(request)));
    const refused = twilio.refuse();
    if (refused !== null) {
      const { code, message, status, headers } = refused;
      return answer(status, { code, message, more_info: '', status }, headers);
    }
    twilio.messages.push(form);
    return answer(201, { sid: `SM${twilio.messages.length}`, status: 'queued' });
  });
  return Object.assign(twilio, server);
}
