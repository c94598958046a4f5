import { useSearchParams } from 'wouter';

/** The filters of a list, which the URL holds, and a function that sets one of them; `null` removes it. */
export function useFilters(): readonly [
  (name: string) => string | null,
  (name: string, value: string | null) => void,
] {
  const [search, setSearch] = useSearchParams();
  const change = (name: string, value: string | null) => {
    const next = new URLSearchParams(search);
    if (value === null) next.delete(name);
    else next.set(name, value);
    setSearch(next, { replace: true });
  };
  return [(name) => search.get(name), change];
}
