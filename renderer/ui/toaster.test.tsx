import { act, cleanup, render, screen } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';
import { Toaster, useCloseToasts, useToast, type Toast } from './toaster.tsx';

afterEach(cleanup);

function open(): { show: (toast: Toast) => void; close: (isOver: (cause: string) => boolean) => void } {
  const page: { current: ReturnType<typeof open> | null } = { current: null };
  function Page() {
    page.current = { show: useToast(), close: useCloseToasts() };
    return null;
  }
  render(
    <Toaster>
      <Page />
    </Toaster>,
  );
  return {
    show: (toast) => act(() => page.current?.show(toast)),
    close: (isOver) => act(() => page.current?.close(isOver)),
  };
}

describe('toasts', () => {
  it('of things that went well take each other’s place', () => {
    const { show } = open();
    show({ tone: 'success', title: 'Copied the path' });
    show({ tone: 'success', title: 'Copied the log' });
    expect(screen.queryByText('Copied the path')).toBeNull();
    expect(screen.getByText('Copied the log')).toBeTruthy();
  });

  it('keep the one that can still be taken back', () => {
    const { show } = open();
    show({ tone: 'success', title: 'Marked as done', action: { label: 'Undo', run: () => undefined } });
    show({ tone: 'success', title: 'Copied the log' });
    expect(screen.getByRole('button', { name: 'Undo' })).toBeTruthy();
  });

  it('of one cause are one, the last', () => {
    const { show } = open();
    show({ tone: 'error', title: 'Push failed', cause: 'store' });
    show({ tone: 'error', title: 'Pull failed', cause: 'store' });
    show({ tone: 'error', title: 'Git sync failed', cause: 'git' });
    expect(screen.queryByText('Push failed')).toBeNull();
    expect(screen.getByText('Pull failed')).toBeTruthy();
    expect(screen.getByText('Git sync failed')).toBeTruthy();
  });

  it('with the same words are one, without words for their cause too', () => {
    const { show } = open();
    show({ tone: 'error', title: 'Refused', body: 'Try again.' });
    show({ tone: 'error', title: 'Refused', body: 'Try again.' });
    expect(screen.getAllByText('Refused')).toHaveLength(1);
  });

  it('go when their cause is over, and leave the others', () => {
    const { show, close } = open();
    show({ tone: 'error', title: 'Push failed', cause: 'store' });
    show({ tone: 'error', title: 'Git sync failed', cause: 'git' });
    close((cause) => cause === 'store');
    expect(screen.queryByText('Push failed')).toBeNull();
    expect(screen.getByText('Git sync failed')).toBeTruthy();
  });
});
