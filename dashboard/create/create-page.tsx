import { useSearchParams } from 'wouter';
import type { WireConnectorType, WireModeDescription } from '../../src/api/contract/connector-type.ts';
import { useConnectorTypes } from '../api/marketplace.ts';
import { Answer } from '../parts/answer.tsx';
import { Empty } from '../parts/empty.tsx';
import { Page } from '../parts/page.tsx';
import { OperatorsOnly } from '../session/operators-only.tsx';
import { ChooseMode } from './choose-mode.tsx';
import { ChooseType } from './choose-type.tsx';
import { ConnectorForm } from './connector-form.tsx';

/** Creates a connector in steps: type, mode, settings. The URL names the step. */
export default function CreatePage() {
  const [search] = useSearchParams();
  const types = useConnectorTypes();
  const agent = search.get('agent');
  return (
    <Page
      title="Create connector"
      parent={
        agent === null
          ? { path: '/connectors', title: 'Connectors' }
          : { path: `/agents/${agent}`, title: agent }
      }
    >
      <OperatorsOnly
        otherwise={
          <Empty title="Operators only">You have the viewer role. Ask an operator to create it.</Empty>
        }
      >
        <Answer of={types}>{(all) => <Step types={all} />}</Answer>
      </OperatorsOnly>
    </Page>
  );
}

function Step({ types }: { types: readonly WireConnectorType[] }) {
  const [search] = useSearchParams();
  const offered = types
    .map((type) => ({ ...type, modes: type.modes.filter(isOnSide(search.get('side'))) }))
    .filter(({ modes }) => modes.length > 0);
  const type = offered.find(({ name }) => name === search.get('type'));
  if (type === undefined) return <ChooseType types={offered} />;
  const chosen = type.modes.find(({ mode }) => mode === search.get('mode'));
  const [only] = type.modes;
  const mode = chosen ?? (type.modes.length === 1 ? only : undefined);
  if (mode === undefined) return <ChooseMode type={type} />;
  return <ConnectorForm key={`${type.name}/${mode.mode}`} type={type} mode={mode} />;
}

/** Selects the modes for one side of an agent, or all if no side is given. */
function isOnSide(side: string | null): (mode: WireModeDescription) => boolean {
  if (side === null) return () => true;
  return ({ mode }) => (side === 'outbound') === (mode === 'outbound');
}
