import * as z from 'zod';
import type { JsonObject } from '../../../core/json/json-value.ts';
import { firstSet, type ModelEnvironment } from '../../models/model-adapter.ts';
import { type KeyPlace, missingSentence } from '../../models/resolve-model.ts';

/** A search engine with an API. */
export interface SearchEngine {
  readonly title: string;
  readonly keyVariable: string;
  /** Overrides `baseUrl`. */
  readonly baseUrlVariable: string;
  readonly baseUrl: string;
  authorize(key: string): Readonly<Record<string, string>>;
  search(query: string, count: number): Search;
}

interface Search {
  readonly request: {
    readonly method: 'GET' | 'POST';
    readonly path: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body?: string;
  };
  /** @throws z.ZodError if the response is not that of the engine */
  readonly results: (response: unknown) => readonly JsonObject[];
}

/** Of a page's text in a result. */
const excerptCharacters = 1_000;

const text = z.string().nullish();

/** docs.tavily.com, "Tavily Search" */
const tavily: SearchEngine = {
  title: 'Tavily',
  keyVariable: 'TAVILY_API_KEY',
  baseUrlVariable: 'TAVILY_BASE_URL',
  baseUrl: 'https://api.tavily.com',
  authorize: (key) => ({ authorization: `Bearer ${key}` }),
  search: (query, count) => ({
    request: post('/search', { query, max_results: count }),
    results: (response) =>
      tavilyAnswer
        .parse(response)
        .results.map(({ title, url, content, published_date }) => found(title, url, content, published_date)),
  }),
};
const tavilyAnswer = z.object({
  results: z.array(z.object({ title: text, url: z.string(), content: text, published_date: text })),
});

/** api-dashboard.search.brave.com, "Web search" */
const brave: SearchEngine = {
  title: 'Brave Search',
  keyVariable: 'BRAVE_API_KEY',
  baseUrlVariable: 'BRAVE_BASE_URL',
  baseUrl: 'https://api.search.brave.com',
  authorize: (key) => ({ 'x-subscription-token': key }),
  search: (query, count) => ({
    request: {
      method: 'GET',
      path: `/res/v1/web/search?${new URLSearchParams({ q: query, count: String(count), text_decorations: 'false' })}`,
      headers: { accept: 'application/json' },
    },
    results: (response) =>
      (braveAnswer.parse(response).web?.results ?? []).map(({ title, url, description, page_age }) =>
        found(title, url, description, page_age),
      ),
  }),
};
const braveAnswer = z.object({
  web: z
    .object({
      results: z.array(z.object({ title: text, url: z.string(), description: text, page_age: text })),
    })
    .nullish(),
});

/** exa.ai/docs, "Search" */
const exa: SearchEngine = {
  title: 'Exa',
  keyVariable: 'EXA_API_KEY',
  baseUrlVariable: 'EXA_BASE_URL',
  baseUrl: 'https://api.exa.ai',
  authorize: (key) => ({ 'x-api-key': key }),
  search: (query, count) => ({
    request: post('/search', {
      query,
      numResults: count,
      contents: { text: { maxCharacters: excerptCharacters } },
    }),
    results: (response) =>
      exaAnswer
        .parse(response)
        .results.map(({ title, url, text: content, publishedDate }) =>
          found(title, url, content, publishedDate),
        ),
  }),
};
const exaAnswer = z.object({
  results: z.array(z.object({ title: text, url: z.string(), text, publishedDate: text })),
});

const searchEngines: readonly SearchEngine[] = [tavily, brave, exa];

/** The engine to use: the first whose key is set. */
export function searchEngineOf(env: ModelEnvironment): SearchEngine | undefined {
  return searchEngines.find(({ keyVariable }) => firstSet(env, [keyVariable]) !== undefined);
}

/** What an agent with `web_search` lacks if no key is set, in one sentence. */
export function missingSearchKey(keyPlace?: KeyPlace): string {
  const variables = searchEngines.map(({ keyVariable }) => keyVariable);
  return missingSentence('The tool "web_search"', [variables], keyPlace);
}

function post(path: string, body: JsonObject): Search['request'] {
  const headers = { 'content-type': 'application/json', accept: 'application/json' };
  return { method: 'POST', path, headers, body: JSON.stringify(body) };
}

function found(
  title: string | null | undefined,
  url: string,
  content: string | null | undefined,
  published: string | null | undefined,
): JsonObject {
  return {
    title: title ?? url,
    url,
    text: (content ?? '').slice(0, excerptCharacters),
    ...(published ? { published } : {}),
  };
}
