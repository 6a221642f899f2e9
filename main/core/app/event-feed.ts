import type { AppEvent } from '../../../shared/ipc/contract.ts';
import type { Logger } from '../ports/logger.ts';
import type { EventFeed } from './app-service.ts';

/** The feed, and the mouth that speaks into it. */
export interface EventBus extends EventFeed {
  emit(event: AppEvent): void;
}

/** Makes a feed. A listener that throws is noted in the diary; the others are still called. */
export function createEventBus(logger: Pick<Logger, 'error'>): EventBus {
  const listeners = new Set<(event: AppEvent) => void>();
  return {
    subscribe(listener) {
      // A function of its own for each subscription: the same listener given twice is two of them.
      const own = (event: AppEvent): void => listener(event);
      listeners.add(own);
      return () => {
        listeners.delete(own);
      };
    },
    emit(event) {
      for (const listener of listeners) {
        try {
          listener(event);
        } catch (thrown) {
          logger.error('a listener of an event threw', { event: event.event, thrown: String(thrown) });
        }
      }
    },
  };
}
