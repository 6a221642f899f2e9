import type { Envelope } from '../envelope.ts';
import type { CallName, EventName } from './channels.ts';
import type { CallInput, CallOutput, EventPayloads } from './contract.ts';

/** What a page can do: `window.api` in the desktop app, the same over HTTP in the browser view. */
export interface Api {
  /** Calls a channel; never rejects for an expected failure, only when the other side is gone. */
  invoke<N extends CallName>(channel: N, input: CallInput<N>): Promise<Envelope<CallOutput<N>>>;
  /** Subscribes to an event; the returned function unsubscribes. */
  on<N extends EventName>(event: N, listener: (payload: EventPayloads[N]) => void): () => void;
}
