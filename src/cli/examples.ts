/** Examples for a command's help: pairs of a command line, without the program's name, and its effect. */
export function examples(...lines: readonly (readonly [commandLine: string, does: string])[]): string {
  const width = Math.max(...lines.map(([commandLine]) => commandLine.length));
  const rows = lines.map(
    ([commandLine, does]) => `  $ npx connectors ${commandLine.padEnd(width)}  # ${does}`,
  );
  return `\nExamples:\n${rows.join('\n')}`;
}
