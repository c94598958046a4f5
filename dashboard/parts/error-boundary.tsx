import { Component, type ReactNode } from 'react';
import { CodeMissing } from './code-missing.tsx';
import { CodeNotLoaded } from './load-later.ts';
import { Problem } from './problem.tsx';

interface State {
  readonly error: Error | null;
}

/** Keeps an error in its children from blanking the page: shows the error and offers a retry. */
export class ErrorBoundary extends Component<{ readonly children: ReactNode }, State> {
  override state: State = { error: null };

  static getDerivedStateFromError(thrown: unknown): State {
    return { error: thrown instanceof Error ? thrown : new Error(String(thrown)) };
  }

  readonly #retry = () => this.setState({ error: null });

  override render(): ReactNode {
    const { error } = this.state;
    if (error === null) return this.props.children;
    if (error instanceof CodeNotLoaded) return <CodeMissing />;
    return <Problem title="This page ran into an error" error={error} onRetry={this.#retry} />;
  }
}
