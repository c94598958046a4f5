/** A request to a connector that answers as printed, in any POSIX shell. */
export function curlCommand(url: string, secret: string, payload: unknown = { message: 'Hello' }): string {
  return [
    `curl ${shellWord(url)}`,
    `-H ${shellWord(`X-Connic-Secret: ${secret}`)}`,
    `-H 'Content-Type: application/json'`,
    `-d ${shellWord(JSON.stringify(payload))}`,
  ].join(' \\\n     ');
}

/** A text as one word of a POSIX shell: quoted where the shell would read more into it. */
export function shellWord(text: string): string {
  return /^[\w./:@%+=-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
