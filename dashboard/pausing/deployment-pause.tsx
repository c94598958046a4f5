import { useDeployment } from '../api/pauses.ts';
import { Section } from '../parts/section.tsx';
import { OperatorsOnly } from '../session/operators-only.tsx';
import { PauseButton } from './pause-button.tsx';
import { PauseNotice } from './pause-notice.tsx';

/** Says on every page that everything is paused. */
export function DeploymentNotice() {
  const deployment = useDeployment().data;
  if (deployment === undefined || deployment.pause === null) return null;
  return <PauseNotice path="/deployment" what="The whole deployment" {...deployment} />;
}

/** The switch for an incident. */
export function PauseEverything() {
  const deployment = useDeployment().data;
  return (
    <Section title="Pause everything">
      <p>
        {deployment?.paused === true
          ? 'Everything is paused: events are accepted, but no runs or deliveries start.'
          : 'For incidents: events are still accepted and answered, and all runs and deliveries wait until you resume.'}
      </p>
      {deployment?.paused !== true && (
        <OperatorsOnly>
          <PauseButton
            path="/deployment"
            what="the whole deployment"
            label="Pause everything"
            isDisabled={deployment === undefined}
            consequence="Events are still accepted and answered, but no runs or deliveries start until you resume. Runs in progress continue."
          />
        </OperatorsOnly>
      )}
    </Section>
  );
}
