/**
 * The known name nearest to a misspelled one; `null` if none is near.
 *
 * @param mostEdits letters that may differ; by default, a third of the name's, but at least 2
 */
export function nearestName(
  name: string,
  known: Iterable<string>,
  mostEdits = Math.max(2, Math.ceil(name.length / 3)),
): string | null {
  let nearest: string | null = null;
  let fewest = mostEdits + 1;
  const lower = name.toLowerCase();
  for (const candidate of known) {
    // Each letter too many or too few is an edit: most names need no further look.
    if (Math.abs(candidate.length - name.length) >= fewest) continue;
    const edits = editDistance(lower, candidate.toLowerCase());
    if (edits < fewest) [nearest, fewest] = [candidate, edits];
  }
  return nearest;
}

/** ` Did you mean "x"?`, or nothing. */
export function suggestion(name: string, known: Iterable<string>): string {
  const nearest = nearestName(name, known);
  return nearest === null ? '' : ` Did you mean "${nearest}"?`;
}

/** Levenshtein distance: letters to insert, delete or replace. */
function editDistance(left: string, right: string): number {
  let row = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (const [index, letter] of [...left].entries()) {
    const next = [index + 1];
    for (const [column, other] of [...right].entries()) {
      const replaced = (row[column] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(replaced, (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
