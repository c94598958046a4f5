import { hidden, type SecretHider, secretHider } from '../../core/redaction/hide-secrets.ts';
import { isSecretName } from '../../core/redaction/secret-name.ts';
import { hideNamedValues } from './hide-named-values.ts';
import { secretValues } from './secret-values.ts';

/** Takes secrets out of everything that a trace, a log line or an error shows. */
export interface Redactor {
  /** At most `maxLength` characters of the text, without known secrets and without values that bear a secret's name. */
  text(text: string, maxLength: number): string;
  /** JSON text of a value without secrets, at most `maxLength` characters; fields with a secret's name are emptied. */
  json(value: unknown, maxLength: number): string;
}

const redactors = new WeakMap<object, Redactor>();

/** The redactor for an environment; made once per environment object. */
export function redactorOf(env: Readonly<Record<string, string | undefined>>): Redactor {
  const known = redactors.get(env);
  if (known !== undefined) return known;
  const made = makeRedactor(secretHider(secretValues(env)));
  redactors.set(env, made);
  return made;
}

function makeRedactor(secrets: SecretHider): Redactor {
  const text = (original: string, maxLength: number) => {
    const isCut = original.length > maxLength;
    // What is beyond the length is never looked at.
    const looked = isCut ? original.slice(0, maxLength) : original;
    const clean = hideNamedValues(secrets.hide(looked, isCut));
    if (!isCut && clean.length <= maxLength) return clean;
    const cut = original.length - looked.length + Math.max(0, clean.length - maxLength);
    return `${clean.slice(0, maxLength)}... (${cut} more characters)`;
  };
  return { text, json: (value, maxLength) => text(jsonWithoutSecrets(value), maxLength) };
}

function jsonWithoutSecrets(value: unknown): string {
  try {
    const json = JSON.stringify(value, (name, field: unknown) =>
      isSecretName(name, 'field') && isValue(field) ? hidden : field,
    );
    return json ?? 'null';
  } catch {
    return '"[not JSON]"';
  }
}

/** That there is a secret, or none, is no secret. */
function isValue(field: unknown): boolean {
  return field !== null && typeof field !== 'boolean';
}
