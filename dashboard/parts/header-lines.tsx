import classes from './header-lines.module.css';

/** Headers of a request or an answer, by name. */
export function HeaderLines({ headers }: { headers: Readonly<Record<string, string>> }) {
  const lines = Object.entries(headers);
  if (lines.length === 0) return <p className={classes.none}>No headers.</p>;
  return (
    <dl className={classes.headers}>
      {lines.map(([name, value]) => (
        <div key={name} className={classes.header}>
          <dt className={classes.name}>{name}</dt>
          <dd className={classes.value} data-hidden={value === '[redacted]' || undefined}>
            {value}
          </dd>
        </div>
      ))}
    </dl>
  );
}
