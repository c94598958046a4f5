/** A name that no other connector has: the wanted one, or the wanted one with the first free number. */
export function freeName(wanted: string, taken: ReadonlySet<string>): string {
  if (!taken.has(wanted)) return wanted;
  for (let number = 2; ; number++) {
    const numbered = `${wanted} ${number}`;
    if (!taken.has(numbered)) return numbered;
  }
}
