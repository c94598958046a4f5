import { ApiFailure } from '../api/request.ts';
import type { ConfigProblems } from './check-config.ts';
import type { Field } from './field.ts';
import { fieldTitle } from './field-title.ts';

const prefix = 'config.';

/** The server's problems as sentences, by the field's path in the configuration. */
export function serverProblems(error: Error | null, fields: readonly Field[]): ConfigProblems {
  const found = problemsOf(error).filter(({ field }) => field.startsWith(prefix));
  return Object.fromEntries(
    found.map(({ field, message }) => {
      const path = field.slice(prefix.length);
      return [path, aboutField(fieldTitle(fields, path), message)];
    }),
  );
}

/** The server's problem with a field outside the configuration, such as `name`. */
export function problemAt(error: Error | null, field: string, title: string): string | undefined {
  const found = problemsOf(error).find((problem) => problem.field === field);
  return found && aboutField(title, found.message);
}

/** All problems that the server found, as sentences with the form's field titles; without any, the error's message. */
export function problemSentences(error: Error, fields: readonly Field[]): string[] {
  const sentences = problemsOf(error).map(({ field, message }) => {
    const title = titleOf(fields, field);
    const sentence = aboutField(title, message);
    return sentence.startsWith(title) ? sentence : `${title}: ${sentence}`;
  });
  return sentences.length === 0 ? [error.message] : sentences;
}

const besideTitles: Readonly<Record<string, string>> = {
  name: 'Name',
  agents: 'Agents',
  connection: 'Connection',
  filter: 'Condition of the connector',
};

function titleOf(fields: readonly Field[], field: string): string {
  if (field.startsWith(prefix)) return fieldTitle(fields, field.slice(prefix.length));
  return besideTitles[field.split('.')[0] ?? ''] ?? field;
}

function problemsOf(error: Error | null): ApiFailure['problems'] {
  return error instanceof ApiFailure ? error.problems : [];
}

/** Makes a sentence from a message, which may be the predicate of a sentence about the field. */
function aboutField(title: string, message: string): string {
  const isRest = /^\p{Ll}/u.test(message);
  const sentence = isRest && title !== '' ? `${title} ${message}` : message;
  return /[.!?]$/.test(sentence) ? sentence : `${sentence}.`;
}
