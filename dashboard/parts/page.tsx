import { type ReactNode, useEffect } from 'react';
import { Link } from 'wouter';
import classes from './page.module.css';

export interface PageProps {
  readonly title: string;
  /** The parent page, shown before the title. */
  readonly parent?: { readonly path: string; readonly title: string };
  /** One line below the title. */
  readonly summary?: ReactNode;
  /** Shown beside the title, such as a status. */
  readonly mark?: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

/** A page's heading, actions, and content. Also sets the browser tab's title. */
export function Page({ title, parent, summary, mark, actions, children }: PageProps) {
  useEffect(() => {
    document.title = `${title} · Agent Connectors`;
  }, [title]);
  return (
    <>
      <header className={classes.header}>
        <div className={classes.heading}>
          {parent !== undefined && (
            <Link href={parent.path} className={classes.parent}>
              {parent.title}
            </Link>
          )}
          <div className={classes.titleLine}>
            <h1 className={classes.title}>{title}</h1>
            {mark}
          </div>
          {summary !== undefined && <div className={classes.summary}>{summary}</div>}
        </div>
        {actions !== undefined && <div className={classes.actions}>{actions}</div>}
      </header>
      {children}
    </>
  );
}
