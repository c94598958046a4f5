/** Asks once per key for the lifetime of the returned function. For one batch, whose records mostly ask the same. */
export function onceEach<Value>(ask: (key: string) => Promise<Value>): (key: string) => Promise<Value> {
  const asked = new Map<string, Promise<Value>>();
  return (key) => {
    const known = asked.get(key);
    if (known !== undefined) return known;
    const answer = ask(key);
    asked.set(key, answer);
    return answer;
  };
}
