/**
 * Makes `process.exit` throw, because ending the process or the thread would end all other runs in it. Call it where
 * agents run, before their code is loaded.
 */
export function keepProcess(): void {
  process.exit = (): never => {
    throw new Error('Agents must not end their process (process.exit).');
  };
}
