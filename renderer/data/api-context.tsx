import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { createContext, use, useEffect, useState, useSyncExternalStore, type ReactNode } from 'react';
import type { Api } from '../../shared/ipc/api.ts';
import { CallFailure } from './ask.ts';
import { createHttpApi, type Connection } from './http-api.ts';
import { followEvents } from './live-updates.ts';
import { takeSessionKey } from './session-key.ts';

declare global {
  interface Window {
    /** Set by the desktop app's preload; absent in the browser view. */
    readonly api?: Api;
  }
}

/** An API and, if it can be lost, its connection. */
export interface Link {
  readonly api: Api;
  readonly connection: Connection;
}

const ALWAYS: Connection = {
  isLost: () => false,
  isRefused: () => false,
  waiting: () => null,
  subscribe: () => () => undefined,
};

/** Connects to the core: `window.api` in the desktop app, else HTTP to the page's origin. */
export function connect(): Link {
  if (window.api !== undefined) return { api: window.api, connection: ALWAYS };
  const api = createHttpApi(new URL('/', window.location.href).href, takeSessionKey());
  return { api, connection: api.connection };
}

const LinkContext = createContext<Link | null>(null);

/** The API of this page. */
export function useApi(): Api {
  const link = use(LinkContext);
  if (link === null) throw new Error('useApi outside of ApiProvider');
  return link.api;
}

/** True while the browser view's server does not respond. */
export function useConnectionLost(): boolean {
  return useConnection((connection) => connection.isLost());
}

/** True when the browser view's server does not know this tab. */
export function useSessionRefused(): boolean {
  return useConnection((connection) => connection.isRefused());
}

/** Cancels the call that waits for confirmation in the terminal; null when there is none. */
export function useConfirmation(): (() => void) | null {
  return useConnection((connection) => connection.waiting());
}

function useConnection<T>(read: (connection: Connection) => T): T {
  const { connection } = use(LinkContext) ?? { connection: ALWAYS };
  return useSyncExternalStore(
    (listener) => connection.subscribe(listener),
    () => read(connection),
  );
}

/** Provides a page's API and cache, and keeps the cache up to date by the core's events. */
export function ApiProvider(props: { readonly link: Link; readonly children: ReactNode }) {
  const { link } = props;
  const [client] = useState(createQueryClient);
  useEffect(() => followEvents(link.api, link.connection, client), [link, client]);
  return (
    <LinkContext value={link}>
      <QueryClientProvider client={client}>{props.children}</QueryClientProvider>
    </LinkContext>
  );
}

function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        // The core reports changes; refetching on window focus would only cost.
        staleTime: Number.POSITIVE_INFINITY,
        gcTime: 60_000,
        refetchOnWindowFocus: false,
        refetchOnReconnect: false,
        networkMode: 'always',
        // Transient store failures have already been retried below; what is left is a local hiccup.
        retry: (count, error) => count < 1 && error instanceof CallFailure && error.error.transient,
        retryDelay: 400,
      },
      mutations: { networkMode: 'always' },
    },
  });
}
