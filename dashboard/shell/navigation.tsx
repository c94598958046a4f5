import { ActionIcon, Tooltip, useComputedColorScheme, useMantineColorScheme } from '@mantine/core';
import { IconLogout, IconMoon, IconSearch, IconSun } from '@tabler/icons-react';
import { Link, useLocation } from 'wouter';
import { openOverPage } from '../palette/palette-state.ts';
import { signOut } from '../session/session.ts';
import { LiveState } from './live-state.tsx';
import { Logo } from './logo.tsx';
import classes from './navigation.module.css';
import { places } from './places.ts';

/** Links to the dashboard's pages. `onNavigate` is called when one is chosen. */
export function Navigation({ onNavigate }: { onNavigate?: () => void }) {
  const [path] = useLocation();
  return (
    <nav className={classes.navigation} aria-label="Main">
      <div className={classes.logo}>
        <Logo />
      </div>
      <ul className={classes.places}>
        {places.map((place) => (
          <li key={place.path}>
            <Link
              href={place.path}
              className={classes.place}
              aria-current={isWithin(path, place.path) ? 'page' : undefined}
              {...(onNavigate && { onClick: onNavigate })}
            >
              <place.icon size={17} stroke={1.7} aria-hidden="true" />
              {place.title}
            </Link>
          </li>
        ))}
      </ul>
      <div className={classes.foot}>
        <LiveState />
        <Tooltip label="Search (Ctrl+K)">
          <ActionIcon
            aria-label="Search"
            aria-keyshortcuts="Control+K"
            onClick={() => {
              onNavigate?.();
              openOverPage('palette');
            }}
          >
            <IconSearch size={16} />
          </ActionIcon>
        </Tooltip>
        <ColorSchemeButton />
        <Tooltip label="Sign out">
          <ActionIcon aria-label="Sign out" onClick={signOut}>
            <IconLogout size={16} />
          </ActionIcon>
        </Tooltip>
      </div>
    </nav>
  );
}

function ColorSchemeButton() {
  const scheme = useComputedColorScheme('light');
  const { setColorScheme } = useMantineColorScheme();
  const other = scheme === 'dark' ? 'light' : 'dark';
  const label = `Switch to the ${other} theme`;
  return (
    <Tooltip label={label}>
      <ActionIcon aria-label={label} onClick={() => setColorScheme(other)}>
        {scheme === 'dark' ? <IconSun size={16} /> : <IconMoon size={16} />}
      </ActionIcon>
    </Tooltip>
  );
}

function isWithin(path: string, place: string): boolean {
  return place === '/' ? path === '/' : path === place || path.startsWith(`${place}/`);
}
