import { SegmentedControl, useMantineColorScheme } from '@mantine/core';
import { setTimeZone, useTimeZone } from '../format/time-zone.ts';
import { Facts } from '../parts/facts.tsx';
import { Page } from '../parts/page.tsx';
import { Section } from '../parts/section.tsx';
import { PauseEverything } from '../pausing/deployment-pause.tsx';
import { useCaller } from '../session/session.ts';
import { ApiKeys } from './api-keys.tsx';
import { AuditLog } from './audit-log.tsx';
import { Security } from './security.tsx';

/** Theme, time zone, version, API keys, and audit log. */
export default function SettingsPage() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const timeZone = useTimeZone();
  return (
    <Page title="Settings">
      <Section title="Theme">
        <SegmentedControl
          aria-label="Theme"
          data={[
            { value: 'auto', label: 'System' },
            { value: 'light', label: 'Light' },
            { value: 'dark', label: 'Dark' },
          ]}
          value={colorScheme}
          onChange={(chosen) => setColorScheme(chosen)}
        />
      </Section>
      <Section title="Times">
        <SegmentedControl
          aria-label="Times"
          data={[
            { value: 'local', label: 'Local' },
            { value: 'utc', label: 'UTC' },
          ]}
          value={timeZone}
          onChange={setTimeZone}
        />
      </Section>
      <About />
      <PauseEverything />
      <ApiKeys />
      <Security />
      <AuditLog />
    </Page>
  );
}

function About() {
  const caller = useCaller();
  return (
    <Section title="This system">
      <Facts
        items={[
          caller !== null && { label: 'Signed in as', value: `${caller.name}, ${caller.role}` },
          { label: 'Address', value: <code>{window.location.origin}</code> },
          { label: 'Version', value: import.meta.env.VITE_PRODUCT_VERSION },
          { label: 'API', value: <a href="/api/v1/openapi.json">OpenAPI description</a> },
        ]}
      />
    </Section>
  );
}
