import type { QueryClient } from '@tanstack/react-query';
import type { LogId } from '../../shared/domain/ids.ts';
import type { Api } from '../../shared/ipc/api.ts';
import type { CallName } from '../../shared/ipc/channels.ts';
import type { CallOutput } from '../../shared/ipc/contract.ts';
import type { FinishedOperation, Operation } from '../../shared/ipc/operation.ts';
import type { SearchProgress } from '../../shared/ipc/searching.ts';
import { keyOf } from './ask.ts';
import type { Connection } from './http-api.ts';

/** Answers that an index change invalidates. */
const INDEX_CALLS: readonly CallName[] = [
  'logs.page',
  'logs.groups',
  'logs.copies',
  'logs.days',
  'logs.facets',
  'machines.list',
  // The reader's sent notes, their receipts, and notes between others are only in the index.
  'notes.list',
];
/** Answers that depend on log text and marks. */
const TASK_CALLS: readonly CallName[] = ['pending.list', 'news.list'];
/** Answers about the store that these operations invalidate. */
const STORE_CALLS: readonly CallName[] = ['sealing.audit', 'sealing.requests', 'sealing.recoveryKey'];
const STORE_KINDS: readonly string[] = ['seal', 'unseal', 'drill', 'push', 'full'];
/** A first sync changes the index many times a second; people need to see it twice. */
const REST_MS = 400;

/**
 * Keeps a page's cache up to date: an event's payload is written into it, and what an event invalidates is refetched.
 * @returns a function that stops it
 */
export function followEvents(api: Api, connection: Connection, client: QueryClient): () => void {
  const refresh = rested((channel) => void client.invalidateQueries({ queryKey: [channel] }));
  let wasLost = connection.isLost();
  const stops = [
    api.on('status.changed', (status) => client.setQueryData(keyOf('status.get', {}), status)),
    api.on('index.changed', ({ ids }) => {
      refresh([...INDEX_CALLS, ...TASK_CALLS]);
      refreshLogs(client, ids);
    }),
    api.on('notes.changed', () => refresh(['notes.list', 'news.list'])),
    api.on('marks.changed', () => refresh(TASK_CALLS)),
    api.on('sessions.changed', () => refresh(['sessions.list'])),
    api.on('search.changed', (progress) => refresh(noteSearch(client, progress))),
    api.on('settings.changed', () => refresh(['settings.get', 'app.info', 'search.status'])),
    api.on('operation.progress', (operation) => noteProgress(client, operation)),
    api.on('operation.done', (operation) => {
      noteEnd(client, operation);
      refresh(['logs.row', 'logs.read', 'identity.card']);
      if (STORE_KINDS.includes(operation.kind)) refresh(STORE_CALLS);
    }),
    connection.subscribe(() => {
      if (wasLost && !connection.isLost()) void client.invalidateQueries();
      wasLost = connection.isLost();
    }),
  ];
  return () => {
    for (const stop of stops) stop();
    refresh.stop();
  };
}

/** Refetches the open logs that changed, not every open one: a text may be long. */
function refreshLogs(client: QueryClient, ids: readonly LogId[] | null): void {
  const changed = ids === null ? null : new Set<unknown>(ids);
  void client.invalidateQueries({
    predicate: ({ queryKey: [channel, input] }) =>
      (channel === 'logs.read' || channel === 'logs.row') &&
      (changed === null || changed.has((input as { readonly id?: unknown }).id)),
  });
}

const SEARCH = keyOf('search.status', {});

/** @returns the channels it invalidates */
function noteSearch(client: QueryClient, progress: SearchProgress): readonly CallName[] {
  const before = client.getQueryData<CallOutput<'search.status'>>(SEARCH);
  if (before !== undefined) client.setQueryData(SEARCH, { ...before, ...progress });
  return before?.version === progress.version ? [] : ['search.find', 'search.status', ...TASK_CALLS];
}

const OPERATIONS = keyOf('operations.list', {});

function noteProgress(client: QueryClient, operation: Operation): void {
  client.setQueryData<CallOutput<'operations.list'>>(OPERATIONS, (list) => {
    if (list === undefined) return undefined;
    const others = list.running.filter((one) => one.id !== operation.id);
    return { ...list, running: [...others, operation].sort((a, b) => a.startedAt - b.startedAt) };
  });
}

function noteEnd(client: QueryClient, operation: FinishedOperation): void {
  client.setQueryData<CallOutput<'operations.list'>>(OPERATIONS, (list) => {
    if (list === undefined) return undefined;
    return {
      running: list.running.filter((one) => one.id !== operation.id),
      finished: [operation, ...list.finished.filter((one) => one.id !== operation.id)].slice(0, 200),
    };
  });
}

/** Runs each channel at once, then at most once per rest period: a recent change of one list does not delay another. */
function rested(run: (channel: CallName) => void) {
  const waiting = new Set<CallName>();
  const timers = new Map<CallName, ReturnType<typeof setTimeout>>();
  const flush = (channel: CallName): void => {
    timers.delete(channel);
    if (!waiting.delete(channel)) return;
    run(channel);
    timers.set(
      channel,
      setTimeout(() => flush(channel), REST_MS),
    );
  };
  const ask = (channels: readonly CallName[]): void => {
    for (const channel of channels) {
      waiting.add(channel);
      if (!timers.has(channel)) flush(channel);
    }
  };
  ask.stop = (): void => {
    for (const timer of timers.values()) clearTimeout(timer);
  };
  return ask;
}
