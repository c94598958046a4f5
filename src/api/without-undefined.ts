type Present<Fields> = { [Name in keyof Fields]?: Exclude<Fields[Name], undefined> };

/** The given fields: ports distinguish an absent filter from an `undefined` one. */
export function withoutUndefined<Fields extends object>(fields: Fields): Present<Fields> {
  const given: Present<Fields> = { ...fields };
  for (const name in given) if (given[name] === undefined) delete given[name];
  return given;
}
