import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { AgentProject, ProjectCode } from '../../../agents/agent-project.ts';

/**
 * The files that synth puts next to a function's code, relative to it. Synth has checked their content, so a function
 * only reads them.
 */
export const packedFiles = { project: 'project/project.json', code: 'project/project.mjs' } as const;

/** The agents deployed with the function. */
export async function packedProject(taskRoot: string): Promise<AgentProject> {
  const file: { readonly default: AgentProject } = await import(urlOf(taskRoot, packedFiles.project), {
    with: { type: 'json' },
  });
  return file.default;
}

/** The code of the agents' tools and middleware; only functions that execute agents have it. */
export async function packedCode(taskRoot: string): Promise<ProjectCode> {
  const code: ProjectCode = await import(urlOf(taskRoot, packedFiles.code));
  return code;
}

function urlOf(taskRoot: string, file: string): string {
  return pathToFileURL(join(taskRoot, file)).href;
}
