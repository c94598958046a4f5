import { builtInProviders } from '../../agents/models/model-providers.ts';

const known = new Set([...builtInProviders.values()].flatMap(({ baseUrlVariables }) => baseUrlVariables));
const configured = /^MODEL_PROVIDER_.+_BASE_URL$/;

/** A sentence for each model provider's address that is not a URL: every run that uses it would fail. */
export function urlProblems(given: Readonly<Record<string, string | undefined>>): readonly string[] {
  return Object.entries(given)
    .filter(([name, value]) => (known.has(name) || configured.test(name)) && !isHttpUrl(value))
    .map(
      ([name, value]) =>
        `${name} must be a URL such as https://models.example.com/v1 (got ${JSON.stringify(value)}).`,
    );
}

function isHttpUrl(value = ''): boolean {
  const protocol = URL.parse(value)?.protocol;
  return protocol === 'http:' || protocol === 'https:';
}
