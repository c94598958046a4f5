import type { WireConnectorType } from '../../src/api/contract/connector-type.ts';
import { TypeIcon } from '../connectors/type-icon.tsx';
import { OptionCard, OptionGrid } from './option-card.tsx';
import { useStepPath } from './use-step-path.ts';

/** The marketplace: every type with what it can do. */
export function ChooseType({ types }: { types: readonly WireConnectorType[] }) {
  const pathWith = useStepPath();
  return (
    <OptionGrid title="Choose a connector type">
      {types.map((type) => (
        <OptionCard
          key={type.name}
          path={pathWith({ type: type.name })}
          icon={<TypeIcon type={type.name} />}
          title={type.title}
          summary={type.summary}
          marks={type.modes.map(({ mode }) => mode)}
        />
      ))}
    </OptionGrid>
  );
}
