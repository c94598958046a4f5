import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type LocalServer, serveLocally } from '../../../../test/local-server.ts';
import { searchWeb } from './search-web.ts';

interface Asked {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: unknown;
}

describe('searching the web', () => {
  let server: LocalServer;
  let asked: Asked | undefined;
  let answer: { readonly status: number; readonly json: unknown };
  beforeAll(async () => {
    server = await serveLocally(async (request, response) => {
      const { method, url, headers } = request;
      let text = '';
      for await (const chunk of request) text += chunk;
      asked = { method, url, headers, body: text === '' ? null : JSON.parse(text) };
      response.writeHead(answer.status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(answer.json));
    });
  });
  afterAll(() => server.stop());

  const search = (env: Record<string, string>, input: object = { query: 'spring tides' }) =>
    searchWeb(input, { env, now: Date.now }, new AbortController().signal);

  const engines = [
    {
      name: 'Tavily',
      env: () => ({ TAVILY_API_KEY: 'tvly-1', TAVILY_BASE_URL: server.url }),
      asks: {
        method: 'POST',
        url: '/search',
        headers: { authorization: 'Bearer tvly-1' },
        body: { query: 'spring tides', max_results: 2 },
      },
      json: {
        query: 'spring tides',
        results: [
          { title: 'Tides', url: 'https://sea.example/tides', content: 'Two a day.', score: 0.9 },
          {
            title: 'Moon',
            url: 'https://sea.example/moon',
            content: 'x'.repeat(3_000),
            published_date: '2026-11-01',
          },
        ],
        response_time: 1.1,
      },
    },
    {
      name: 'Brave Search',
      env: () => ({ BRAVE_API_KEY: 'brave-1', BRAVE_BASE_URL: server.url }),
      asks: {
        method: 'GET',
        url: '/res/v1/web/search?q=spring+tides&count=2&text_decorations=false',
        headers: { 'x-subscription-token': 'brave-1' },
        body: null,
      },
      json: {
        type: 'search',
        web: {
          results: [
            { title: 'Tides', url: 'https://sea.example/tides', description: 'Two a day.' },
            {
              title: 'Moon',
              url: 'https://sea.example/moon',
              description: 'x'.repeat(3_000),
              page_age: '2026-11-01',
            },
          ],
        },
      },
    },
    {
      name: 'Exa',
      env: () => ({ EXA_API_KEY: 'exa-1', EXA_BASE_URL: server.url }),
      asks: {
        method: 'POST',
        url: '/search',
        headers: { 'x-api-key': 'exa-1' },
        body: { query: 'spring tides', numResults: 2, contents: { text: { maxCharacters: 1_000 } } },
      },
      json: {
        requestId: '1',
        results: [
          {
            id: 'a',
            title: 'Tides',
            url: 'https://sea.example/tides',
            text: 'Two a day.',
            publishedDate: null,
          },
          {
            id: 'b',
            title: 'Moon',
            url: 'https://sea.example/moon',
            text: 'x'.repeat(3_000),
            publishedDate: '2026-11-01',
          },
        ],
      },
    },
  ] as const;

  test.each(engines)('asks $name, and returns its pages in one form', async ({ env, asks, json }) => {
    answer = { status: 200, json };
    expect(await search(env(), { query: 'spring tides', max_results: 2 })).toEqual({
      status: 'found',
      results: [
        { title: 'Tides', url: 'https://sea.example/tides', text: 'Two a day.' },
        { title: 'Moon', url: 'https://sea.example/moon', text: 'x'.repeat(1_000), published: '2026-11-01' },
      ],
    });
    expect(asked).toMatchObject(asks);
  });

  test('returns no results where the engine has none', async () => {
    answer = { status: 200, json: { type: 'search' } };
    expect(await search({ BRAVE_API_KEY: 'brave-1', BRAVE_BASE_URL: server.url })).toEqual({
      status: 'found',
      results: [],
    });
  });

  test.each(engines)('tells the model why $name found nothing', async ({ name, env }) => {
    answer = { status: 429, json: { error: 'slow down' } };
    expect(await search(env())).toEqual({ status: 'failed', reason: `${name} responded with 429.` });
    answer = { status: 200, json: ['another form'] };
    expect(await search(env())).toEqual({
      status: 'failed',
      reason: `${name} cannot be asked. Its answer has another form.`,
    });
  });

  test('fails the run where no engine has a key', async () => {
    await expect(search({ TAVILY_API_KEY: '' })).rejects.toMatchObject({
      code: 'provider-key-missing',
      message:
        'The tool "web_search" needs TAVILY_API_KEY (or BRAVE_API_KEY, EXA_API_KEY) in the environment.',
    });
  });
});
