import type { WireConnectorType } from '../../src/api/contract/connector-type.ts';
import classes from './choose-type.module.css';

type Category = WireConnectorType['category'];

/** In display order. */
export const categoryTitles: Readonly<Record<Category, string>> = {
  web: 'Web',
  queues: 'Queues and events',
  storage: 'Storage',
  mail: 'Mail',
  chat: 'Chat',
  databases: 'Databases',
  agents: 'Agents',
  time: 'Time',
};

export interface CategoriesProps {
  readonly types: readonly WireConnectorType[];
  /** `null` for all. */
  readonly chosen: Category | null;
  readonly onChoose: (category: Category | null) => void;
}

/** Filters the types by category. Only categories with types are offered. */
export function Categories({ types, chosen, onChoose }: CategoriesProps) {
  const offered = Object.entries(categoryTitles).flatMap(([name, title]) => {
    const { category } = types.find((type) => type.category === name) ?? {};
    return category === undefined ? [] : [{ category, title }];
  });
  return (
    <fieldset className={classes.categories} aria-label="Category">
      {[{ category: null, title: 'All' }, ...offered].map(({ category, title }) => (
        <button
          key={title}
          type="button"
          className={classes.category}
          aria-pressed={category === chosen}
          onClick={() => onChoose(category)}
        >
          {title}
        </button>
      ))}
    </fieldset>
  );
}
