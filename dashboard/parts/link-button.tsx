import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { Link } from 'wouter';

/** A link styled as a button, for the next step from an empty page. */
export function LinkButton({ href, children }: { href: string; children: ReactNode }) {
  return (
    <Button component={Link} href={href} variant="default">
      {children}
    </Button>
  );
}
