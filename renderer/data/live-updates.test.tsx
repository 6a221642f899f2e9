import { cleanup, render, screen, waitFor } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';
import { testPage, type TestPage } from '../../e2e/fixture/test-page.ts';
import type { LogId } from '../../shared/domain/ids.ts';
import { ApiProvider, useConnectionLost, type Link } from './api-context.tsx';
import { useCall } from './call.ts';
import { useLogText } from './use-log-text.ts';
import { useStatus } from './use-status.ts';

afterEach(cleanup);

function Unread() {
  return <p>unread {useStatus()?.unread ?? '?'}</p>;
}

function Text(props: { readonly id: LogId }) {
  const { log } = useLogText(props.id, false);
  return <p>{log?.state === 'here' ? log.text : '?'}</p>;
}

/** Counts the calls of a channel that a page makes. */
function counted(test: TestPage, channel: string): { readonly link: Link; readonly count: () => number } {
  let calls = 0;
  const api: Link['api'] = {
    ...test.link.api,
    invoke: (name, input) => {
      if (name === channel) calls += 1;
      return test.link.api.invoke(name, input);
    },
  };
  return { link: { ...test.link, api }, count: () => calls };
}

describe('what a page knows', () => {
  it('is written by an event without asking again', async () => {
    const test = testPage();
    const { link, count } = counted(test, 'status.get');
    render(
      <ApiProvider link={link}>
        <Unread />
      </ApiProvider>,
    );
    await screen.findByText('unread 2');
    const status = await test.fixture.app.status.get();
    if (status.ok) test.fixture.emit({ event: 'status.changed', payload: { ...status.value, unread: 7 } });
    await screen.findByText('unread 7');
    expect(count()).toBe(1);
  });

  it('is read again only for logs that changed', async () => {
    const test = testPage();
    const rows = test.fixture.index.rows.filter((row) => row.place === 'local');
    const [first, second] = [rows[0]?.id as LogId, rows[1]?.id as LogId];
    test.fixture.texts.set(first, 'old words');
    const { link, count } = counted(test, 'logs.read');
    render(
      <ApiProvider link={link}>
        <Text id={first} />
      </ApiProvider>,
    );
    await screen.findByText('old words');
    test.fixture.texts.set(first, 'new words');
    test.fixture.emit({ event: 'index.changed', payload: { version: 2, ids: [second] } });
    test.fixture.emit({ event: 'index.changed', payload: { version: 3, ids: [first] } });
    await screen.findByText('new words');
    expect(count()).toBe(2);
  });

  it('takes notes for old when the index changes: receipts of sent ones stand there', async () => {
    const test = testPage();
    const { link, count } = counted(test, 'notes.list');
    const Sent = () => <p>sent {useCall('notes.list', { show: 'sent' }).data?.total ?? '?'}</p>;
    render(
      <ApiProvider link={link}>
        <Sent />
      </ApiProvider>,
    );
    await screen.findByText(/sent \d/);
    test.fixture.emit({ event: 'index.changed', payload: { version: 2, ids: [] } });
    await waitFor(() => expect(count()).toBe(2));
  });

  it('takes tasks for old after a tick, a change of the index and a text that was read in', async () => {
    const test = testPage();
    const { link, count } = counted(test, 'pending.list');
    const Tasks = () => <p>open {useCall('pending.list', {}).data?.open ?? '?'}</p>;
    render(
      <ApiProvider link={link}>
        <Tasks />
      </ApiProvider>,
    );
    await screen.findByText(/open \d/);
    test.fixture.emit({ event: 'marks.changed', payload: null });
    await waitFor(() => expect(count()).toBe(2));
    test.fixture.emit({ event: 'index.changed', payload: { version: 2, ids: [] } });
    await waitFor(() => expect(count()).toBe(3));
    const search = await test.fixture.app.search.status();
    if (search.ok) test.fixture.emit({ event: 'search.changed', payload: { ...search.value, version: 99 } });
    await waitFor(() => expect(count()).toBe(4));
  });

  it('is asked anew when a lost connection is back', async () => {
    const test = testPage();
    const listeners = new Set<() => void>();
    let lost = false;
    const connection = {
      isLost: () => lost,
      isRefused: () => false,
      waiting: () => null,
      subscribe: (listener: () => void) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    };
    const { link, count } = counted(test, 'status.get');
    const Lost = () => <p>{useConnectionLost() ? 'lost' : 'there'}</p>;
    render(
      <ApiProvider link={{ ...link, connection }}>
        <Unread />
        <Lost />
      </ApiProvider>,
    );
    await screen.findByText('unread 2');
    lost = true;
    for (const listener of listeners) listener();
    await screen.findByText('lost');
    lost = false;
    for (const listener of listeners) listener();
    await screen.findByText('there');
    await waitFor(() => expect(count()).toBe(2));
  });
});

describe('a long log', () => {
  it('is read in stretches that together are the log, characters whole', async () => {
    const test = testPage();
    const id = test.fixture.index.rows.find((row) => row.place === 'local')?.id as LogId;
    const text = `start ${'é😀 words '.repeat(400_000)}end`;
    test.fixture.texts.set(id, text);
    const { link, count } = counted(test, 'logs.read');
    const { container } = render(
      <ApiProvider link={link}>
        <Text id={id} />
      </ApiProvider>,
    );
    await waitFor(() => expect(container.textContent).toHaveLength(text.length), { timeout: 10_000 });
    expect(container.textContent === text).toBe(true);
    expect(count()).toBe(2);
  });
});
