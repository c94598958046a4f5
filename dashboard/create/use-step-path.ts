import { useSearchParams } from 'wouter';

/** Builds the URL of another step and keeps the earlier choices. */
export function useStepPath(): (chosen: Readonly<Record<string, string>>) => string {
  const [search] = useSearchParams();
  return (chosen) => {
    const next = new URLSearchParams(search);
    for (const [name, value] of Object.entries(chosen)) next.set(name, value);
    return `/connectors/new?${next}`;
  };
}
