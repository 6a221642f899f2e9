import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { createContext, use, useEffect, useState, useSyncExternalStore, type ReactNode } from 'react';
import type { Api } from '../../shared/ipc/api.ts';
import { CallFailure } from './ask.ts';
import { createHttpApi, type Connection } from './http-api.ts';
import { followEvents } from './live-updates.ts';
import { takeSessionKey } from './session-key.ts';

declare global {
  interface Window {
    /** Put there by the preload of the desktop app; absent in the browser view. */
    readonly api?: Api;
  }
}

/** An api and, where it can be lost, its connection. */
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

/** Finds the way to the core: `window.api` in the desktop app, else HTTP to where the page came from. */
export function connect(): Link {
  if (window.api !== undefined) return { api: window.api, connection: ALWAYS };
  const api = createHttpApi(new URL('/', window.location.href).href, takeSessionKey());
  return { api, connection: api.connection };
}

const LinkContext = createContext<Link | null>(null);

/** The api of this page. */
export function useApi(): Api {
  const link = use(LinkContext);
  if (link === null) throw new Error('useApi outside of ApiProvider');
  return link.api;
}

/** True while the server of the browser view does not answer. */
export function useConnectionLost(): boolean {
  return useConnection((connection) => connection.isLost());
}

/** True when the server of the browser view does not know this tab. */
export function useSessionRefused(): boolean {
  return useConnection((connection) => connection.isRefused());
}

/** What takes back the call that waits for a yes in the terminal; null when none does. */
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

/** Gives a page its api, its cache, and keeps the cache true by the core's events. */
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
        // The core tells what changed; asking again because a window got the focus would only cost.
        staleTime: Number.POSITIVE_INFINITY,
        gcTime: 60_000,
        refetchOnWindowFocus: false,
        refetchOnReconnect: false,
        networkMode: 'always',
        // Transient failures of the store have been retried below already; what is left is a local hiccup.
        retry: (count, error) => count < 1 && error instanceof CallFailure && error.error.transient,
        retryDelay: 400,
      },
      mutations: { networkMode: 'always' },
    },
  });
}
