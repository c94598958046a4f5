import { join, relative, sep } from 'node:path';
import * as z from 'zod';
import { projectScheme } from '../stack-trace.ts';

const sourceMap = z.looseObject({ sources: z.array(z.string()) });

/**
 * A source map that names the files of the project by their path in it, and those of packages by their package,
 * independently of where they are on this machine.
 *
 * @param text the map, whose sources are relative to `mapDir`
 */
export function projectSourceMap(text: string, mapDir: string, projectDir: string): string {
  const map = sourceMap.parse(JSON.parse(text));
  const sources = map.sources.map(
    (source) => projectScheme + placeOf(relative(projectDir, join(mapDir, source))),
  );
  return JSON.stringify({ ...map, sources });
}

function placeOf(file: string): string {
  const parts = file.split(sep);
  const packages = parts.lastIndexOf('node_modules');
  if (packages >= 0) return parts.slice(packages).join('/');
  // Files outside the project are named as if they were in it.
  return parts.filter((part) => part !== '..').join('/');
}
