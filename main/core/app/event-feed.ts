import type { AppEvent } from '../../../shared/ipc/contract.ts';
import type { Bus } from './bus.ts';
import type { EventFeed } from './app-service.ts';
import type { PresentSettings } from './settings/present-settings.ts';

/** News that pages hear as they are. */
const FORWARDED = [
  'index.changed',
  'marks.changed',
  'notes.changed',
  'notice.show',
  'operation.done',
  'operation.progress',
  'search.changed',
  'sessions.changed',
  'status.changed',
] as const;

/** Creates the pages' event feed: a bus listener. */
export function createEventFeed(bus: Bus, settings: PresentSettings): EventFeed {
  return {
    subscribe(listener) {
      const ends = [
        ...FORWARDED.map((event) => bus.on(event, (payload) => listener({ event, payload } as AppEvent))),
        bus.on('settings.changed', ({ after }) => listener({ event: 'settings.changed', payload: after })),
        // Pages ask again and learn what is wrong with the file.
        bus.on('settings.broken', () => listener({ event: 'settings.changed', payload: settings.now })),
      ];
      return () => {
        for (const end of ends) end();
      };
    },
  };
}
