import { Component, StrictMode, type ReactNode } from 'react';
import { createRoot } from 'react-dom/client';
import { en } from '../../shared/i18n/en.ts';
import { Button } from './button.tsx';
import { EmptyState } from './state.tsx';

/** Mounts a page into its document, inside the last error boundary. */
export function mount(page: ReactNode): void {
  const root = document.getElementById('root');
  if (root === null) throw new Error('the page has no #root');
  createRoot(root).render(
    <StrictMode>
      <Crash>{page}</Crash>
    </StrictMode>,
  );
}

/** Shows that a view crashed, instead of an empty window. A class, because React has no other error boundary. */
export class Crash extends Component<{ readonly children: ReactNode }, { readonly broken: boolean }> {
  override state = { broken: false };

  static getDerivedStateFromError(): { readonly broken: boolean } {
    return { broken: true };
  }

  override render(): ReactNode {
    if (!this.state.broken) return this.props.children;
    return (
      <div role="alert">
        <EmptyState
          icon="alert"
          title={en.problems.crashTitle}
          actions={<Button onClick={() => window.location.reload()}>{en.problems.crashReload}</Button>}
        >
          {en.problems.crashBody}
        </EmptyState>
      </div>
    );
  }
}
