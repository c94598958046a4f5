import { ActionIcon, Drawer } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconMenu2 } from '@tabler/icons-react';
import { type ReactNode, useEffect, useRef } from 'react';
import { useLocation } from 'wouter';
import { useLiveUpdates } from '../live/use-live-updates.ts';
import { Keyboard } from '../palette/keyboard.tsx';
import { DeploymentNotice } from '../pausing/deployment-pause.tsx';
import { ConnectionNotice } from './connection-notice.tsx';
import { Logo } from './logo.tsx';
import { Navigation } from './navigation.tsx';
import classes from './shell.module.css';

/** The frame of every page: the navigation, which a button opens on narrow screens, and the connection notice. */
export function Shell({ children }: { children: ReactNode }) {
  const [opened, menu] = useDisclosure(false);
  const main = useFocusAfterNavigation();
  useLiveUpdates();
  return (
    <div className={classes.shell}>
      <a href="#main" className={classes.skip}>
        Skip to content
      </a>
      <nav className={classes.top} aria-label="Menu">
        <ActionIcon aria-label="Open navigation" onClick={menu.open} size="lg">
          <IconMenu2 size={18} />
        </ActionIcon>
        <Logo />
      </nav>
      <div className={classes.side}>
        <div className={classes.sticky}>
          <Navigation />
        </div>
      </div>
      <Drawer opened={opened} onClose={menu.close} position="left" size={260} title={<Logo />} padding="sm">
        <Navigation onNavigate={menu.close} />
      </Drawer>
      <Keyboard />
      <main id="main" className={classes.main} tabIndex={-1} ref={main}>
        <ConnectionNotice />
        <DeploymentNotice />
        {children}
      </main>
    </div>
  );
}

/** Moves focus to the start of a new page, for keyboards and screen readers. */
function useFocusAfterNavigation() {
  const [path] = useLocation();
  const main = useRef<HTMLElement>(null);
  const shown = useRef(path);
  useEffect(() => {
    if (shown.current === path) return;
    shown.current = path;
    main.current?.focus({ preventScroll: true });
    window.scrollTo(0, 0);
  }, [path]);
  return main;
}
