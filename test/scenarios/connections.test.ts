import { createHmac } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import * as z from 'zod';
import { eventually } from './eventually.ts';
import { sendRaw } from './sender.ts';
import { useTarget } from './target.ts';
import * as wire from './wire.ts';

const target = useTarget();
const { operator } = target;

const secrets = ['a-signing-secret-to-look-for-1f', 'a-signing-secret-to-look-for-2e'] as const;
const connection = z.object({
  id: z.uuid(),
  name: z.string(),
  type: z.string(),
  config: z.record(z.string(), z.json()),
  secret_fields: z.array(z.string()),
  pending: z.boolean(),
  used_by: z.array(z.looseObject({ id: z.uuid(), up_to_date: z.boolean() })),
  created_at: z.iso.datetime(),
  updated_at: z.iso.datetime(),
});
const connected = wire.connector.extend({ url: z.url() });

async function makeConnection(config: unknown) {
  const draft = { name: `app ${crypto.randomUUID()}`, type: 'slack', config };
  return connection.parse((await operator.call('POST', '/connections', draft)).json);
}

async function makeConnector(name: string) {
  const draft = { name: `user ${crypto.randomUUID()}`, type: 'slack', mode: 'inbound', agents: ['echo'] };
  const answer = await operator.call('POST', '/connectors', { ...draft, connection: name });
  return connected.parse(answer.json);
}

const show = async (id: string) => connection.parse((await operator.call('GET', `/connections/${id}`)).json);

let nextId = 0;

/** Sends an event, signed as Slack does (docs.slack.dev, "Verifying requests from Slack"). @returns the status of the answer */
async function tell(url: string, secret: string): Promise<number> {
  const sent = Math.floor(Date.now() / 1_000).toString();
  const body = JSON.stringify({
    type: 'event_callback',
    team_id: 'T0000000001',
    event_id: `EvConnections${nextId++}`,
    event_time: Number(sent),
    event: {
      type: 'app_mention',
      user: 'U0000000001',
      text: 'Hello',
      channel: 'C0000000001',
      ts: `${sent}.000100`,
    },
  });
  const signature = createHmac('sha256', secret).update(`v0:${sent}:${body}`).digest('hex');
  const headers = {
    'content-type': 'application/json',
    'x-slack-request-timestamp': sent,
    'x-slack-signature': `v0=${signature}`,
  };
  return (await sendRaw({ url }, { headers, body })).status;
}

async function remove(connectionId: string, connectorIds: readonly string[]): Promise<void> {
  for (const id of connectorIds) await operator.delete(id);
  expect((await operator.call('DELETE', `/connections/${connectionId}`)).status).toBe(204);
}

describe('a connection', () => {
  test('gives its connectors their credentials, and changes them all', async () => {
    const made = await makeConnection({ signing_secret: secrets[0] });
    const users = [await makeConnector(made.name), await makeConnector(made.name)];
    for (const { url } of users) expect(await tell(url, secrets[0])).toBe(200);
    const change = { config: { signing_secret: secrets[1] } };
    expect((await operator.call('PATCH', `/connections/${made.id}`, change)).status).toBe(200);
    for (const { url } of users) {
      await eventually('the new secret', async () => (await tell(url, secrets[1])) === 200);
      await eventually('the end of the old one', async () => (await tell(url, secrets[0])) === 401);
    }
    expect(await show(made.id)).toMatchObject({
      secret_fields: ['signing_secret'],
      pending: false,
      used_by: users.map(({ id }) => ({ id, up_to_date: true })),
    });
    const paths = ['/connections', `/connections/${made.id}`, '/connectors', '/audit-log'];
    const shown = await Promise.all(paths.map((path) => operator.call('GET', path)));
    for (const { text } of shown) expect(text).not.toContain('to-look-for');
    await remove(
      made.id,
      users.map(({ id }) => id),
    );
  });

  test('shows in its connectors by name, apart from what these set themselves', async () => {
    const made = await makeConnection({ signing_secret: secrets[0] });
    const user = await makeConnector(made.name);
    const { name } = made;
    expect(await operator.connector(user.id)).toMatchObject({
      connection: name,
      connection_fields: ['api_url', 'signing_secret'],
      config: { events: ['app_mention'] },
      secret_fields: [],
    });
    const { config } = await operator.connector(user.id);
    expect(config).toEqual({ events: ['app_mention'] });
    expect(await operator.change(user.id, { config })).toMatchObject({ connection: name, config });
    const refused = await operator.call('PATCH', `/connectors/${user.id}`, {
      config: { signing_secret: secrets[1] },
    });
    expect(refused.status).toBe(400);
    expect(refused.text).toContain('config.signing_secret');
    const used = await operator.call('DELETE', `/connections/${made.id}`);
    expect({ status: used.status, json: used.json }).toMatchObject({
      status: 409,
      json: { code: 'connection-used', detail: expect.stringContaining(user.name) },
    });
    expect(await operator.change(user.id, { connection: null })).toMatchObject({ connection: null });
    await remove(made.id, []);
    await operator.delete(user.id);
  });

  test('whose change is cut short by a crash changes all its connectors afterwards', async () => {
    const made = await makeConnection({ signing_secret: secrets[0] });
    const users = await Promise.all(Array.from({ length: 24 }, () => makeConnector(made.name)));
    const change = { config: { signing_secret: secrets[1] } };
    const changing = operator.call('PATCH', `/connections/${made.id}`, change).catch(() => null);
    await eventually('the change to begin', async () => (await show(made.id)).pending);
    await target.crash();
    await changing;
    const complete = await eventually('the change to be complete', async () => {
      const shown = await show(made.id);
      return !shown.pending && shown;
    });
    expect(complete.used_by.map(({ up_to_date }) => up_to_date)).toEqual(users.map(() => true));
    for (const { url } of users) {
      await eventually('the new secret', async () => (await tell(url, secrets[1])) === 200);
    }
    await remove(
      made.id,
      users.map(({ id }) => id),
    );
  });
});
