import type { AgentList } from '../../src/api/contract/agent.ts';
import { Notice } from '../parts/notice.tsx';
import classes from './project-problems.module.css';

/** Errors of the last project reload; the previous agents stay active. */
export function ProjectProblems({ problems }: { problems: AgentList['problems'] }) {
  if (problems.length === 0) return null;
  return (
    <Notice
      tone="bad"
      title="The project has errors. The agents from the last successful load are still active."
    >
      <ul className={classes.problems}>
        {problems.map((problem) => (
          <li key={`${problem.file}:${problem.line}:${problem.field}:${problem.message}`}>
            <code>
              {problem.file}
              {problem.line === null ? '' : `:${problem.line}`}
            </code>{' '}
            {problem.field !== null && <b>{problem.field}</b>} {problem.message}
          </li>
        ))}
      </ul>
    </Notice>
  );
}
