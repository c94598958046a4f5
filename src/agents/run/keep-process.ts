/**
 * Makes `process.exit` fail for whoever calls it: ending the process, or the thread, would end the runs beside the one that
 * does so. To be called where agents run, before their code is loaded.
 */
export function keepProcess(): void {
  process.exit = (): never => {
    throw new Error('Agents must not end their process (process.exit).');
  };
}
