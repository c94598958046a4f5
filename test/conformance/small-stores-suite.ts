import { describe, expect, test } from '@jest/globals';
import { claimMs } from '../../src/core/ports/connector-names.ts';
import { freshPorts, type OpenPorts } from './ports-under-test.ts';
import { noon, someConnector, someId } from './samples.ts';

/** Secrets, conversations, the audit log and dead letters. */
export function describeSmallStores(open: OpenPorts): void {
  describe('secrets', () => {
    const ports = freshPorts(open);

    test('are kept, replaced and deleted; a connector without any has empty ones', async () => {
      const none = { current: null, previous: null, config: {} };
      const secrets = {
        current: 'whsec_new',
        previous: { secret: 'whsec_old', expiresAt: noon },
        config: { password: 'pässword' },
      };
      expect(await ports().secrets.get('a')).toEqual(none);
      await ports().secrets.change('a', (stored) => ({ ...stored, current: 'first' }));
      expect(await ports().secrets.change('a', () => secrets)).toEqual(secrets);
      expect(await ports().secrets.get('a')).toEqual(secrets);
      expect(await ports().secrets.change('a', () => null)).toEqual(secrets);
      expect(await ports().secrets.change('b', () => null)).toEqual(none);
      expect(await ports().secrets.get('a')).toEqual(secrets);
      expect(await ports().secrets.get('b')).toEqual(none);
      await ports().secrets.delete('a');
      expect(await ports().secrets.get('a')).toEqual(none);
    });

    test('keep what each of many changes at the same time has added', async () => {
      const names = ['one', 'two', 'three', 'four'];
      const { secrets } = ports();
      await Promise.all(
        names.map((name) =>
          secrets.change('a', (stored) => ({ ...stored, config: { ...stored.config, [name]: name } })),
        ),
      );
      expect(Object.keys((await secrets.get('a')).config).sort()).toEqual([...names].sort());
    });
  });

  describe('sessions', () => {
    const ports = freshPorts(open);

    test('keep the last conversation of each agent and key until it expires', async () => {
      const { sessions } = ports();
      await sessions.save('clerk', 'jane', [{ role: 'user' }], noon);
      await sessions.save('clerk', 'jane', [{ role: 'user' }, { role: 'assistant' }], noon + 10);
      expect(await sessions.load('clerk', 'jane', noon + 9)).toHaveLength(2);
      expect(await sessions.load('clerk', 'jane', noon + 10)).toEqual([]);
      expect(await sessions.load('poet', 'jane', noon)).toEqual([]);
      expect(await sessions.load('clerk', 'joe', noon)).toEqual([]);
    });
  });

  describe('the audit log', () => {
    const ports = freshPorts(open);
    const entry = (at: number, subject: string, detail: string | null = null) => ({
      entryId: someId(at),
      at,
      actor: 'admin-token',
      action: 'secret.shown',
      subject,
      detail,
    });

    test('lists who did what, newest first, of everything or of one subject', async () => {
      const entries = [entry(noon, 'a'), entry(noon + 1, 'b', 'A sentence.'), entry(noon + 2, 'a')];
      for (const each of entries) await ports().audit.append(each);
      const first = await ports().audit.list({ limit: 2, cursor: null });
      expect(first.items).toEqual([entries[2], entries[1]]);
      const second = await ports().audit.list({ limit: 2, cursor: first.nextCursor });
      expect(second).toEqual({ items: [entries[0]], nextCursor: null });
      const ofA = await ports().audit.list({ limit: 9, cursor: null, subject: 'a' });
      expect(ofA.items).toEqual([entries[2], entries[0]]);
    });
  });

  describe('names of connectors', () => {
    const ports = freshPorts(open);

    test('belong to one connector, until it gives them back or has another one', async () => {
      const { connectorNames, connectors } = ports();
      const claim = (id: string, now = noon) => connectorNames.claim('Orders', id, now);
      const [a, b] = [someConnector({ name: 'Orders' }), someConnector({ name: 'Other' })];
      const claims = await Promise.all([claim(a.id), claim(b.id)]);
      expect(claims.toSorted()).toEqual(['claimed', 'taken']);
      const [holder, other] = claims[0] === 'claimed' ? [a, b] : [b, a];
      await connectors.create({ ...holder, name: 'Orders' });
      expect(await claim(holder.id, noon + claimMs)).toBe('claimed');
      expect(await claim(other.id, noon + claimMs)).toBe('taken');
      await connectors.replace({ ...holder, name: 'Renamed', version: 2 });
      expect(await claim(other.id, noon + 2 * claimMs - 1)).toBe('taken');
      expect(await claim(other.id, noon + 2 * claimMs)).toBe('claimed');
      await connectorNames.release('Orders', holder.id);
      expect(await claim(holder.id, noon + claimMs)).toBe('taken');
      await connectorNames.release('Orders', other.id);
      expect(await claim(holder.id, noon + claimMs)).toBe('claimed');
    });
  });

  describe('the history of connectors', () => {
    const ports = freshPorts(open);
    const event = (connectorId: string, at: number) => ({
      eventId: someId(at),
      connectorId,
      at,
      event: 'tick.missed',
      detail: 'A tick was missed.',
    });

    test('lists what happened to one of them, newest first, and the same event once', async () => {
      const { history } = ports();
      const events = ['a', 'b', 'a', 'a'].map((connectorId, n) => event(connectorId, noon + n));
      for (const each of [...events, ...events]) await history.append(each);
      const first = await history.list('a', { limit: 2, cursor: null });
      expect(first.items).toEqual([events[3], events[2]]);
      const second = await history.list('a', { limit: 2, cursor: first.nextCursor });
      expect(second).toEqual({ items: [events[0]], nextCursor: null });
      expect((await history.list('c', { limit: 9, cursor: null })).items).toEqual([]);
    });
  });

  describe('refused requests', () => {
    const ports = freshPorts(open);
    const request = (at: number, connectorId: string | null) => ({
      requestId: someId(at),
      at,
      connectorId,
      calledId: 'called',
      reason: 'unauthorized' as const,
      status: 401,
      detail: 'The credentials are wrong.',
      runId: null,
      arrival: { method: 'POST', query: '', headers: { 'x-a': '1' }, sender: null, bytes: null },
    });

    test('are listed newest first, of one connector or of all, for a day', async () => {
      const requests = ['a', null, 'a', 'b'].map((connectorId, n) => request(noon + n, connectorId));
      for (const each of requests) await ports().refusedRequests.add(each);
      const { refusedRequests } = ports();
      const first = await refusedRequests.list({ limit: 3, cursor: null, now: noon + 4 });
      expect(first.items).toEqual([requests[3], requests[2], requests[1]]);
      const second = await refusedRequests.list({ limit: 3, cursor: first.nextCursor, now: noon + 4 });
      expect(second).toEqual({ items: [requests[0]], nextCursor: null });
      const ofA = { limit: 3, cursor: null, connectorId: 'a', now: noon + 4 };
      expect((await refusedRequests.list(ofA)).items).toEqual([requests[2], requests[0]]);
      const dayLater = { ...ofA, now: noon + 24 * 3_600_000 + 1 };
      expect((await refusedRequests.list(dayLater)).items).toEqual([requests[2]]);
    });

    test('are searched by time, connector, and text, without repeats, and found by their id', async () => {
      const { refusedRequests } = ports();
      const [a, b, c] = [request(noon, 'a'), request(noon + 1, 'b'), request(noon + 2, 'a')];
      const late = { ...request(noon + 3, 'a'), detail: 'Too large.' };
      const repeat = { ...request(noon + 4, 'a'), reason: 'repeated' as const };
      for (const each of [a, b, c, late, repeat]) await refusedRequests.add(each);
      const query = { limit: 9, cursor: null, now: noon + 9 };
      const found = async (given: Partial<Parameters<typeof refusedRequests.search>[0]> = {}) =>
        (await refusedRequests.search({ ...query, ...given })).items.map(({ item }) => item);
      expect(await found()).toEqual([late, c, b, a]);
      expect(await found({ connectorId: 'b' })).toEqual([b]);
      expect(await found({ from: noon + 1, to: noon + 3 })).toEqual([c, b]);
      expect(await found({ search: 'too LARGE' })).toEqual([late]);
      const [first] = (await refusedRequests.search({ ...query, limit: 1 })).items;
      expect(await found({ cursor: first?.cursor ?? null })).toEqual([c, b, a]);
      expect(await refusedRequests.find(b.requestId)).toEqual(b);
      expect(await refusedRequests.find(someId())).toBeNull();
    });
  });

  describe('dead letters', () => {
    const ports = freshPorts(open);
    const letter = (given: { source: string; runId: string | null; at?: number }) => ({
      deadLetterId: someId(),
      at: noon,
      reason: 'It could not be done.',
      connectorId: null,
      body: { tried: 5 },
      ...given,
    });

    test('are kept, listed newest first, and removed when they are retried', async () => {
      const { deadLetters } = ports();
      const letters = [1, 2].map((n) => letter({ source: 'plan-deliveries', runId: someId(), at: noon + n }));
      for (const each of letters) await deadLetters.put(each);
      expect((await deadLetters.list({ limit: 9, cursor: null })).items).toEqual(letters.toReversed());
      const [first] = letters;
      expect(await deadLetters.get(first?.deadLetterId ?? '')).toEqual(first);
      expect(await deadLetters.retry(first?.deadLetterId ?? '')).toBe(true);
      expect(await deadLetters.retry(first?.deadLetterId ?? '')).toBe(false);
      expect(await deadLetters.get(first?.deadLetterId ?? '')).toBeNull();
      expect((await deadLetters.list({ limit: 9, cursor: null })).items).toEqual([letters[1]]);
    });

    test('are removed when somebody else has taken them back', async () => {
      const { deadLetters } = ports();
      const taken = letter({ source: 'elsewhere', runId: null });
      await deadLetters.put(taken);
      expect(await deadLetters.remove(taken.deadLetterId)).toBe(true);
      expect(await deadLetters.remove(taken.deadLetterId)).toBe(false);
      expect(await deadLetters.get(taken.deadLetterId)).toBeNull();
    });

    test('a letter that nothing here takes back stays', async () => {
      const { deadLetters } = ports();
      const foreign = letter({ source: 'elsewhere', runId: null });
      await deadLetters.put(foreign);
      await expect(deadLetters.retry(foreign.deadLetterId)).rejects.toThrow('"elsewhere"');
      expect(await deadLetters.get(foreign.deadLetterId)).toEqual(foreign);
    });
  });
}
