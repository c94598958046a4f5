import { suggestion } from '../../core/nearest-name.ts';
import type { ProblemLog } from '../project/problem-log.ts';
import type { LocatedValue } from '../project/yaml-sources/located-value.ts';

/** Variables by name. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** `${NAME}`; `$${NAME}` is the text `${NAME}` itself. */
const variable = /(\$?)\$\{([^}]*)\}/g;
const variableName = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** Whether a text has variables. */
export function hasVariables(text: string): boolean {
  return variablesIn(text).length > 0;
}

/** The names of the variables in a text. */
export function variablesIn(text: string): readonly string[] {
  return [...text.matchAll(variable)].flatMap(([, dollar, name = '']) => (dollar === '$' ? [] : [name]));
}

/** The name of the variable that a text consists of; `null` if it has other text, too. */
export function onlyVariable(text: string): string | null {
  const [name] = variablesIn(text);
  return name !== undefined && text === `\${${name}}` ? name : null;
}

/** Replaces the variables of a text, and reports those that are not set. */
export function fillText(
  text: string,
  place: LocatedValue,
  path: readonly PropertyKey[],
  variables: Variables,
  log: ProblemLog,
): string {
  return text.replace(variable, (whole, dollar: string, name: string) => {
    if (dollar === '$') return whole.slice(1);
    const value = variables[name];
    if (value !== undefined && value !== '') return value;
    log.refuse(place, path, variableName.test(name) ? unset(name, variables) : malformed(whole));
    return whole;
  });
}

function unset(name: string, variables: Variables): string {
  const set = Object.entries(variables).flatMap(([one, value]) => (value ? one : []));
  return `The variable ${name} is not set.${suggestion(name, set)}`;
}

function malformed(whole: string): string {
  return `"${whole}" is not a variable such as \${ORDERS_TOPIC}; write $${whole} for this text itself.`;
}
