import { useMediaQuery } from '@mantine/hooks';

/** Whether the screen is so narrow that tables become cards. Keep the width in sync with the style sheets. */
export function useIsNarrow(): boolean {
  return useMediaQuery('(max-width: 40em)', false, { getInitialValueInEffect: false });
}
