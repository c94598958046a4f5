import { useSearchParams } from 'wouter';

/** Makes the address of another step of the creation, with what was chosen before. */
export function useStepPath(): (chosen: Readonly<Record<string, string>>) => string {
  const [search] = useSearchParams();
  return (chosen) => {
    const next = new URLSearchParams(search);
    for (const [name, value] of Object.entries(chosen)) next.set(name, value);
    return `/connectors/new?${next}`;
  };
}
