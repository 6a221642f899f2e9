import type { Answer } from '../../../shared/app-error.ts';
import { changeNotes, type NotesDeps } from './inbox-file.ts';
import { donePair, type Reader } from './reader.ts';

/** Marks a reader's done notes as read again, on this machine; drops what another machine of the reader reports as done. */
export function reopenNotes(deps: NotesDeps, reader: Reader, hashes: readonly string[]): Answer<void> {
  const wanted = new Set(hashes);
  const pairs = new Set(hashes.map((hash) => donePair(hash, reader)));
  const at = deps.clock.now();
  return changeNotes(deps, (state) => {
    const elsewhere = state.inbox.doneElsewhere.filter((pair) => !pairs.has(pair));
    const own = state.receipts.filter(
      (receipt) => receipt.reader === reader.user && wanted.has(receipt.note),
    );
    const done = own.filter((receipt) => receipt.state === 'done');
    const without = state.receipts.filter((receipt) => !done.includes(receipt));
    const unmarked = [...wanted].filter(
      (note) => pairsHad(state.inbox.doneElsewhere, note, reader) && !own.some((one) => one.note === note),
    );
    const again = [...done.map((receipt) => receipt.note), ...unmarked].map((note) => ({
      note,
      reader: reader.user,
      at,
      state: 'read' as const,
    }));
    if (again.length === 0) return { state, value: undefined };
    const inbox =
      elsewhere.length === state.inbox.doneElsewhere.length
        ? state.inbox
        : { ...state.inbox, doneElsewhere: elsewhere };
    return { state: { inbox, receipts: [...without, ...again] }, value: undefined };
  });
}

function pairsHad(pairs: readonly string[], note: string, reader: Reader): boolean {
  return pairs.includes(donePair(note, reader));
}
