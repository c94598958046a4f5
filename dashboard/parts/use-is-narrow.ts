import { useMediaQuery } from '@mantine/hooks';

/** Whether the screen is so narrow that rows of tables are cards; the style sheets have the same width. */
export function useIsNarrow(): boolean {
  return useMediaQuery('(max-width: 40em)', false, { getInitialValueInEffect: false });
}
