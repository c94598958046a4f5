import { createHmac } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { sendRaw } from './sender.ts';
import { useTarget } from './target.ts';
import * as wire from './wire.ts';

const target = useTarget();
const { operator } = target;

const key = 'a secret that was chosen at GitHub';

/** A delivery as GitHub sends it (docs.github.com, "Webhook events and payloads", "Delivery headers"). */
function githubDelivery(body: string, delivery: string): Record<string, string> {
  return {
    accept: '*/*',
    'content-type': 'application/json',
    'user-agent': 'GitHub-Hookshot/044aadd',
    'x-github-delivery': delivery,
    'x-github-event': 'issues',
    'x-github-hook-id': '292430182',
    'x-hub-signature-256': `sha256=${createHmac('sha256', key).update(body).digest('hex')}`,
  };
}

const toldFacts = {
  method: 'POST',
  headers: {
    'x-github-delivery': '72d3162e-cc78-11e3-81ab-4c9367dc0958',
    'x-github-event': 'issues',
    'x-github-hook-id': '292430182',
  },
  query: { from: 'github' },
};

describe('a delivery of GitHub', () => {
  const body = '{"action":"opened"}';
  const headers = githubDelivery(body, '72d3162e-cc78-11e3-81ab-4c9367dc0958');

  function connectorOf(mode: 'inbound' | 'sync') {
    const config = { auth: { type: 'github' }, signing_secret: key };
    return operator.createConnector({ mode, agents: ['facts'], config });
  }

  test('tells tools, middleware and the record of the run which event it is', async () => {
    const connector = await connectorOf('sync');
    const answer = await sendRaw(connector, { headers, body, query: '?from=github' });
    const { result } = wire.syncAnswer.parse(answer.json);
    expect(JSON.parse(result.output ?? '')).toEqual({ request: toldFacts, event: 'issues' });
    expect(await operator.run(result.run_id)).toMatchObject({
      payload: { action: 'opened' },
      context: { request: toldFacts, event: 'issues' },
    });
  });

  test('that GitHub redelivers starts nothing, and a new one does', async () => {
    const connector = await connectorOf('inbound');
    const first = await sendRaw(connector, { headers, body, query: '?from=github' });
    const again = await sendRaw(connector, { headers, body, query: '?from=github' });
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    expect(again.json).toEqual(first.json);
    const other = await sendRaw(connector, { headers: githubDelivery(body, 'another'), body });
    expect(other.headers.get('idempotent-replayed')).toBeNull();
    expect((await operator.runs(`connector=${connector.id}`)).items).toHaveLength(2);
    const [runId = ''] = wire.inboundAnswer.parse(first.json).run_ids;
    expect(JSON.parse((await operator.ended(runId)).output ?? '')).toEqual({
      request: toldFacts,
      event: 'issues',
    });
  });
});
