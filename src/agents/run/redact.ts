/** Takes secrets out of everything that a trace, a log line or an error shows. */
export interface Redactor {
  /** At most `maxLength` characters of the text, without the values of secrets and without authorization headers. */
  text(text: string, maxLength: number): string;
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
  const known = secrets.length === 0 ? null : new RegExp(secrets.map(escapeForPattern).join('|'), 'g');
  const withoutSecrets = (text: string) =>
    (known === null ? text : text.replace(known, hidden)).replace(headerInText, (_, ...parts: string[]) => {
      const [authorization, apiKey, bearer] = parts;
      return `${authorization ?? apiKey ?? bearer ?? ''}${hidden}`;
    });
  // What is far beyond the length is never looked at; the part of a secret that the cut may leave goes with the margin.
  const margin = Math.max(shortestSecretLength, ...secrets.map(({ length }) => length));
  const text = (original: string, maxLength: number) => {
    const looked = original.slice(0, maxLength + margin);
    const clean = withoutSecrets(looked);
    if (looked.length === original.length && clean.length <= maxLength) return clean;
    const shown = looked.length < original.length ? clean.slice(0, -margin) : clean;
    const cut = clean.length + (original.length - looked.length) - maxLength;
    return `${shown.slice(0, maxLength)}... (${cut} more characters)`;
  };
  return { text, json: (value, maxLength) => text(jsonWithoutSecrets(value), maxLength) };
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
