import { TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import type { WireConnectorType } from '../../src/api/contract/connector-type.ts';
import { TypeIcon } from '../connectors/type-icon.tsx';
import { Empty } from '../parts/empty.tsx';
import { Categories, categoryTitles } from './categories.tsx';
import classes from './choose-type.module.css';
import { OptionCard, OptionGrid } from './option-card.tsx';
import { useStepPath } from './use-step-path.ts';

type Category = WireConnectorType['category'];

/** The marketplace: all types with their modes, by category and by search. */
export function ChooseType({ types }: { types: readonly WireConnectorType[] }) {
  const pathWith = useStepPath();
  const [wanted, setWanted] = useState('');
  const [category, setCategory] = useState<Category | null>(null);
  const found = types.filter((type) => isFound(type, wanted) && [null, type.category].includes(category));
  return (
    <>
      <div className={classes.search}>
        <TextInput
          aria-label="Search connector types"
          placeholder="Search"
          leftSection={<IconSearch size={14} aria-hidden="true" />}
          value={wanted}
          onChange={(event) => setWanted(event.currentTarget.value)}
          autoFocus
        />
        <Categories types={types} chosen={category} onChoose={setCategory} />
      </div>
      {found.length === 0 && (
        <Empty title="No connector types found">Change the search or the category.</Empty>
      )}
      <OptionGrid title="Choose a connector type">
        {found.map((type) => (
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
    </>
  );
}

/** Whether every search word starts a word of the type's description. */
function isFound({ name, title, summary, category, modes }: WireConnectorType, wanted: string): boolean {
  const said = [name, title, summary, categoryTitles[category], ...modes.map(({ mode }) => mode)].join(' ');
  const words = said.toLowerCase().split(/[^\p{L}\p{N}]+/u);
  const searched = wanted
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  return searched.every((part) => words.some((word) => word.startsWith(part)));
}
