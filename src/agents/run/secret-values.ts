import { isSecretName } from '../../core/redaction/secret-name.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Values of switches and of settings, which bear a secret's name now and then. */
const plainValue = /^(?:true|false|yes|none|null|undefined|enabled|disabled|default|\d{1,5})$/i;

/** Where the name leaves a doubt (`SORT_KEY`, `BASIC_AUTH`), a shorter value is a word of the language. */
const shortestInDoubt = 8;

/** The secrets of an environment: the values of variables that are named so, and the passwords in URLs. */
export function secretValues(env: Environment): string[] {
  return Object.entries(env).flatMap(([name, value]) => {
    if (value === undefined || plainValue.test(value.trim())) return [];
    if (!isSecretName(name, 'variable')) return passwordsIn(value);
    const isCertain = isSecretName(name, 'field') || /pass$/i.test(name);
    return isCertain || value.length >= shortestInDoubt ? [value] : [];
  });
}

/** `postgres://user:password@host`: as it stands there, and as a program reads it. */
function passwordsIn(value: string): string[] {
  if (!value.includes('://')) return [];
  const written = URL.parse(value)?.password ?? '';
  if (written === '') return [];
  try {
    return [written, decodeURIComponent(written)];
  } catch {
    return [written];
  }
}
