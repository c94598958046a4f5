import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { readAnswer } from './operator.ts';
import { sendJson } from './sender.ts';
import { useTarget } from './target.ts';

const target = useTarget();
const { operator } = target;

describe('a data folder that is taken away from the running process', () => {
  const away = () => `${target.process.dataDir}-away`;
  let putBack = async () => {};
  afterEach(() => putBack());

  const takeAway = async (name: string) => {
    const place = join(target.process.dataDir, name);
    const aside = `${away()}-${name.replaceAll('/', '')}`;
    await rename(place, aside);
    putBack = async () => {
      await rm(place, { recursive: true, force: true });
      await rename(aside, place);
      putBack = async () => {};
    };
    return place;
  };
  const health = async () => readAnswer(await fetch(`${target.baseUrl}/health`));
  const lost = expect.stringMatching(/^The data folder was removed or replaced/);

  test.each([
    ['the whole folder is moved away', '', false],
    ['another folder lies in its place', '', true],
    ['the write-ahead log of the database is removed', 'engine.db-wal', false],
  ])(
    'where %s, nothing is accepted, health says why, and it goes on once all is back',
    async (_, name, isReplaced) => {
      const connector = await operator.createConnector({ mode: 'inbound', agents: ['shout'] });
      const place = await takeAway(name);
      if (isReplaced) await mkdir(place);
      const refused = await sendJson(connector, { message: 'lost?' });
      expect(refused).toMatchObject({ status: 503, json: { code: 'unavailable' } });
      expect(refused.headers.get('retry-after')).toBe('5');
      expect(await health()).toMatchObject({ status: 503, json: { status: 'unavailable', detail: lost } });
      const created = await operator.call('POST', '/agents/shout/runs', { payload: { message: 'lost?' } });
      expect(created.status).toBe(503);
      expect((await operator.runs(`connector=${connector.id}`)).items).toEqual([]);

      await putBack();
      expect(await health()).toMatchObject({ status: 200, json: { status: 'ok' } });
      expect(await sendJson(connector, { message: 'kept' })).toMatchObject({ status: 200 });
      expect((await operator.runs(`connector=${connector.id}`)).items).toHaveLength(1);
    },
  );

  test('the folder of large payloads counts as well, and is not created again', async () => {
    const connector = await operator.createConnector({ mode: 'inbound', agents: ['shout'] });
    const large = { message: 'x'.repeat(200_000) };
    await takeAway('payloads');
    expect(await sendJson(connector, large)).toMatchObject({ status: 503 });
    expect(await health()).toMatchObject({ status: 503, json: { detail: lost } });
    await putBack();
    expect(await sendJson(connector, large)).toMatchObject({ status: 200 });
  });
});
