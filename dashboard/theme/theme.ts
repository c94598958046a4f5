import { createTheme, type MantineColorsTuple } from '@mantine/core';

/** The accent: a calm violet-blue with a contrast of 4.5:1 to white from shade 6 on. */
const iris: MantineColorsTuple = [
  '#f3f3ff',
  '#e4e4fb',
  '#c8c8f3',
  '#a9a9eb',
  '#8e8ee3',
  '#7474dc',
  '#5b5bd6',
  '#4f4fc4',
  '#4444ad',
  '#383891',
];

/** Neutral greys of the dark scheme, from text (0) to page (9). */
const dark: MantineColorsTuple = [
  '#ededf0',
  '#c9c9cf',
  '#a6a6ae',
  '#7c7c85',
  '#3a3a41',
  '#2b2b31',
  '#212126',
  '#18181b',
  '#131316',
  '#0e0e10',
];

/** Sizes, type, and colours of every control. Spacing and the shell's own colours are in `page.css`. */
export const theme = createTheme({
  colors: { iris, dark },
  primaryColor: 'iris',
  primaryShade: 6,
  fontFamily: "'Inter Variable', system-ui, sans-serif",
  fontFamilyMonospace: "'JetBrains Mono Variable', ui-monospace, monospace",
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
  fontSizes: { xs: '0.75rem', sm: '0.8125rem', md: '0.875rem', lg: '1rem', xl: '1.125rem' },
  radius: { xs: '3px', sm: '4px', md: '6px', lg: '8px', xl: '12px' },
  headings: { fontWeight: '600' },
  components: {
    Button: { defaultProps: { size: 'xs' } },
    TextInput: { defaultProps: { size: 'sm' } },
    ActionIcon: { defaultProps: { variant: 'subtle', color: 'gray' } },
    Tooltip: { defaultProps: { openDelay: 300, withArrow: false, fz: 'xs' } },
    Drawer: { defaultProps: { position: 'right', size: 'lg', lockScroll: false } },
    Modal: {
      defaultProps: { centered: true, lockScroll: false, closeButtonProps: { 'aria-label': 'Close' } },
    },
    Select: { defaultProps: { size: 'sm', checkIconPosition: 'right' } },
  },
});
