import { join, relative, sep } from 'node:path';
import * as z from 'zod';
import { projectScheme } from '../stack-trace.ts';

const sourceMap = z.looseObject({ sources: z.array(z.string()) });

/**
 * A source map that names the files of the project by their place in it, and those of packages by their package, wherever
 * both lie on this machine.
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
  // What lies beside the project is named as if it were in it.
  return parts.filter((part) => part !== '..').join('/');
}
