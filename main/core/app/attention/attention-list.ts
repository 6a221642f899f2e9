import type { AppError } from '../../../../shared/app-error.ts';
import type { AttentionAnswer, AttentionItem, AttentionKind } from '../../../../shared/ipc/status.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Bus } from '../bus.ts';
import { slimError } from '../slim-error.ts';

/** A reported concern. */
export interface Concern {
  readonly kind: AttentionKind;
  readonly subject: string;
  readonly error: AppError;
  readonly answers: readonly AttentionAnswer[];
  readonly route?: string;
}

/** Everything a person must decide, by reporting source. */
export interface AttentionList {
  /** Replaces all earlier reports of one source; a concern still there keeps its time. */
  replace(source: string, concerns: readonly Concern[]): void;
  /** Dismisses an item. It returns when its text changes, or at the app's next start. */
  dismiss(id: string): boolean;
  /** Removes an answered item; its source reports it again if that did not help. */
  clear(id: string): void;
  find(id: string): AttentionItem | null;
  /** The source of an item; null if unknown. */
  sourceOf(id: string): string | null;
  /** Oldest first, without dismissed ones. */
  readonly items: readonly AttentionItem[];
}

/** Creates an empty list; the bus receives each change, and each report even if nothing changed. */
export function createAttentionList(clock: Pick<Clock, 'now'>, bus: Bus): AttentionList {
  const sources = new Map<string, ReadonlyMap<string, AttentionItem>>();
  const dismissed = new Map<string, string>();

  function all(): AttentionItem[] {
    const items = new Map<string, AttentionItem>();
    for (const source of sources.values())
      for (const [id, item] of source) if (!items.has(id)) items.set(id, item);
    return [...items.values()];
  }
  const visible = (): AttentionItem[] =>
    all()
      .filter(({ id, error }) => dismissed.get(id) !== error.message)
      .sort((a, b) => a.since - b.since || (a.id < b.id ? -1 : 1));

  return {
    replace(source, concerns) {
      const before = sources.get(source) ?? new Map<string, AttentionItem>();
      void bus.emit('attention.reported', { source, ids: new Set(concerns.map(idOf)) });
      if (before.size === 0 && concerns.length === 0) return;
      const next = new Map<string, AttentionItem>();
      for (const concern of concerns) {
        const id = idOf(concern);
        next.set(id, {
          id,
          kind: concern.kind,
          subject: concern.subject,
          since: before.get(id)?.since ?? clock.now(),
          error: slimError(concern.error),
          answers: concern.answers,
          route: concern.route ?? null,
        });
      }
      sources.set(source, next);
      void bus.emit('attention.changed', null);
    },
    dismiss(id) {
      const item = all().find((one) => one.id === id);
      if (!item) return false;
      dismissed.set(id, item.error.message);
      void bus.emit('attention.changed', null);
      return true;
    },
    clear(id) {
      for (const [source, items] of sources) {
        if (!items.has(id)) continue;
        const rest = new Map(items);
        rest.delete(id);
        sources.set(source, rest);
        void bus.emit('attention.reported', { source, ids: new Set(rest.keys()) });
      }
      void bus.emit('attention.changed', null);
    },
    sourceOf: (id) => [...sources].find(([, items]) => items.has(id))?.[0] ?? null,
    find: (id) => all().find((one) => one.id === id) ?? null,
    get items() {
      return visible();
    },
  };
}

/** An id is at most 1,200 characters, and a path at most 900 bytes. */
function idOf({ kind, subject }: Concern): string {
  return `${kind}:${subject}`.slice(0, 1_200);
}
