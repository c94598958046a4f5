import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A project folder of a test's own, removed at its end by `await using`. */
export interface TestProject extends AsyncDisposable {
  readonly projectDir: string;
  /** For bundles; beside the project. */
  readonly buildDir: string;
  /** Writes more files, or others in their place. */
  write(files: Readonly<Record<string, string>>): Promise<void>;
}

/** Makes a project folder with these files (path to text). */
export async function makeProject(files: Readonly<Record<string, string>>): Promise<TestProject> {
  const folder = await mkdtemp(join(tmpdir(), 'agent-project-'));
  const projectDir = join(folder, 'project');
  const write = async (more: Readonly<Record<string, string>>): Promise<void> => {
    for (const [file, text] of Object.entries(more)) {
      await mkdir(dirname(join(projectDir, file)), { recursive: true });
      await writeFile(join(projectDir, file), text);
    }
  };
  await mkdir(projectDir);
  await write(files);
  const remove = () => rm(folder, { recursive: true, force: true });
  return { projectDir, buildDir: join(folder, 'build'), write, [Symbol.asyncDispose]: remove };
}
