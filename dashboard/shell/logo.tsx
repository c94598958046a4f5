import classes from './logo.module.css';

/** The product's logo and name. */
export function Logo() {
  return (
    <span className={classes.logo}>
      <svg viewBox="0 0 24 24" width="20" height="20" aria-hidden="true" className={classes.sign}>
        <circle cx="5" cy="6" r="2.4" />
        <circle cx="5" cy="18" r="2.4" />
        <circle cx="19" cy="12" r="2.4" />
        <path d="M7.4 6h2.1a4 4 0 0 1 4 4v.5M7.4 18h2.1a4 4 0 0 0 4-4v-.5M11 12h5.6" />
      </svg>
      Agent Connectors
    </span>
  );
}
