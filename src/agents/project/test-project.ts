import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A project folder for one test. */
export interface TestProject {
  readonly projectDir: string;
  /** For bundles; next to the project. */
  readonly buildDir: string;
  /** Writes more files, or replaces existing ones. */
  write(files: Readonly<Record<string, string>>): Promise<void>;
}

const folders: string[] = [];

/** Creates a project folder with these files (path to text); `removeProjects` removes it. */
export async function makeProject(files: Readonly<Record<string, string>>): Promise<TestProject> {
  const folder = await mkdtemp(join(tmpdir(), 'agent-project-'));
  folders.push(folder);
  const projectDir = join(folder, 'project');
  const write = async (more: Readonly<Record<string, string>>): Promise<void> => {
    for (const [file, text] of Object.entries(more)) {
      await mkdir(dirname(join(projectDir, file)), { recursive: true });
      await writeFile(join(projectDir, file), text);
    }
  };
  await mkdir(projectDir);
  await write(files);
  return { projectDir, buildDir: join(folder, 'build'), write };
}

/** Removes all project folders that a test file created; call it after the tests. */
export async function removeProjects(): Promise<void> {
  await Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true, force: true })));
}
