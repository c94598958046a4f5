/** Takes secrets out of everything that a trace, a log line or an error shows. */
export interface Redactor {
  /** The text without the values of secrets and without authorization headers. */
  text(text: string): string;
  /** JSON text of a value without secrets, at most `maxLength` characters; fields with a secret's name are emptied. */
  json(value: unknown, maxLength: number): string;
}

const hidden = '[redacted]';

/** Environment variables that hold secrets, by their names' last word. */
const secretVariable = /(^|_)(KEY|TOKEN|SECRET|PASSWORD|PASSWD|CREDENTIALS?|PAT)$/i;

/** Shorter values (`1`, `on`, `dev`) are no secrets, and hiding them would garble the text. */
const shortestSecretLength = 8;

/** Field and header names whose values are secrets, in any case and with `-`, `_` or nothing between words. */
const secretField =
  /^(proxy[-_]?)?authorization$|^(set[-_]?)?cookie$|(^|[-_.])(api[-_]?key|secret|password|passwd|token|signature|private[-_]?key|client[-_]?secret)$|[a-z](ApiKey|Secret|Password|Token|PrivateKey)$|^(apikey|accessToken|refreshToken)$/i;

/** The same names where they stand in a text: `Authorization: Bearer abc`, `"x-api-key": "abc"`. */
const headerInText =
  /(["']?(?:proxy-)?authorization["']?\s*[:=]\s*["']?)(?:(?:bearer|basic|digest|token)\s+)?[^\s"',;}]+|(["']?(?:x-[a-z-]*)?api[-_]?key["']?\s*[:=]\s*["']?)[^\s"',;}]+|(\bbearer\s+)[\w.~+/=-]{8,}/gi;

const redactors = new WeakMap<object, Redactor>();

/** The redactor for an environment; made once per environment object. */
export function redactorOf(env: Readonly<Record<string, string | undefined>>): Redactor {
  const known = redactors.get(env);
  if (known !== undefined) return known;
  const made = makeRedactor(secretsOf(env));
  redactors.set(env, made);
  return made;
}

function secretsOf(env: Readonly<Record<string, string | undefined>>): string[] {
  const values = Object.entries(env).flatMap(([name, value]) =>
    secretVariable.test(name) && value !== undefined && value.length >= shortestSecretLength ? [value] : [],
  );
  return [...new Set(values)].sort((one, other) => other.length - one.length);
}

function makeRedactor(secrets: readonly string[]): Redactor {
  const known =
    secrets.length === 0
      ? null
      : new RegExp(secrets.map((secret) => escapeForPattern(secret)).join('|'), 'g');
  const text = (original: string) => {
    const withoutValues = known === null ? original : original.replace(known, hidden);
    return withoutValues.replace(
      headerInText,
      (_, authorization?: string, apiKey?: string, bearer?: string) =>
        `${authorization ?? apiKey ?? bearer ?? ''}${hidden}`,
    );
  };
  return { text, json: (value, maxLength) => shorten(text(jsonWithoutSecrets(value)), maxLength) };
}

function escapeForPattern(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

function jsonWithoutSecrets(value: unknown): string {
  try {
    const json = JSON.stringify(value, (name, field: unknown) =>
      name !== '' && secretField.test(name) && field !== null ? hidden : field,
    );
    return json ?? 'null';
  } catch {
    return '"[not JSON]"';
  }
}

/** At most `maxLength` characters of a text; what was cut is counted at its end. */
export function shorten(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text;
  return `${text.slice(0, maxLength)}... (${text.length - maxLength} more characters)`;
}
