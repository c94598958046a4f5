import { Notice } from '../parts/notice.tsx';
import type { Field } from './field.ts';
import { problemSentences } from './server-problems.ts';

export interface FormProblemsProps {
  readonly error: Error;
  readonly fields: readonly Field[];
}

/** Why the server refused a form: every problem with its field's title. */
export function FormProblems({ error, fields }: FormProblemsProps) {
  const [first = error.message, ...others] = problemSentences(error, fields);
  if (others.length === 0) return <Notice tone="bad" title={first} />;
  return (
    <Notice tone="bad" title={`${others.length + 1} fields need a change`}>
      <ul>
        {[first, ...others].map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
    </Notice>
  );
}
