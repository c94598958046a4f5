import { type Icon, IconArrowBarRight, IconArrowBarToRight, IconArrowsExchange } from '@tabler/icons-react';
import type { WireConnectorType, WireModeDescription } from '../../src/api/contract/connector-type.ts';
import { OptionCard, OptionGrid } from './option-card.tsx';
import { useStepPath } from './use-step-path.ts';

const modes: Readonly<Record<WireModeDescription['mode'], { icon: Icon; title: string }>> = {
  inbound: { icon: IconArrowBarToRight, title: 'Inbound' },
  sync: { icon: IconArrowsExchange, title: 'Sync' },
  outbound: { icon: IconArrowBarRight, title: 'Outbound' },
};

/** Chooses one of a type's modes: trigger agents, answer with their results, or deliver them. */
export function ChooseMode({ type }: { type: WireConnectorType }) {
  const pathWith = useStepPath();
  return (
    <OptionGrid title={`Choose a mode for ${type.title}`}>
      {type.modes.map(({ mode, summary }) => {
        const { icon: ModeIcon, title } = modes[mode];
        return (
          <OptionCard
            key={mode}
            path={pathWith({ type: type.name, mode })}
            icon={<ModeIcon size={20} stroke={1.6} aria-hidden="true" />}
            title={title}
            summary={summary}
          />
        );
      })}
    </OptionGrid>
  );
}
