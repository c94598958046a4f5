import { Button } from '@mantine/core';
import { useEffect, useState } from 'react';
import { mayReload, reloadPage, serverAnswers } from './reload-page.ts';
import classes from './state.module.css';

const askEveryMs = 2_000;

/**
 * Replaces code that could not be loaded. Reloads the page once the server answers: it then has the code or a newer
 * build. After a recent reload, it leaves the next one to the user.
 */
export function CodeMissing() {
  const [answers, setAnswers] = useState(false);
  useEffect(() => {
    const stopped = new AbortController();
    const look = async () => {
      const answered = await serverAnswers(stopped.signal);
      if (stopped.signal.aborted) return;
      if (answered && mayReload()) reloadPage();
      else setAnswers(answered);
    };
    void look();
    const timer = setInterval(look, askEveryMs);
    return () => {
      stopped.abort();
      clearInterval(timer);
    };
  }, []);
  return (
    <div className={classes.state} role="alert">
      <p className={classes.title}>This page could not be loaded</p>
      <div className={classes.text}>
        {answers
          ? 'The server responds, but a file of the dashboard is missing. Reload the page; if that does not help, an operator must rebuild the dashboard (npm run dashboard).'
          : 'The server is not responding. This page loads as soon as it does.'}
      </div>
      <Button variant="default" onClick={reloadPage} disabled={!answers}>
        Reload
      </Button>
    </div>
  );
}
