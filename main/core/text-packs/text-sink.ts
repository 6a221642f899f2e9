import type { Answer } from '../../../shared/app-error.ts';
import type { CalendarDate, LogPath, MachineUuid } from '../../../shared/domain/ids.ts';

/** The searchable text of one log of another machine, from a text pack. Hostile: only its form was checked. */
export interface PackedText {
  readonly path: LogPath;
  /** SHA-256 (hex) of the log the text comes from. */
  readonly sha256: string;
  readonly date: CalendarDate;
  /** Same lines as in the log, so that line numbers agree; withheld content is blank. */
  readonly text: string;
  /** True when the log exceeds a pack's limit; the text ends with a notice. */
  readonly cut: boolean;
}

/** The texts' machine. */
export interface TextSource {
  readonly machine: MachineUuid;
  readonly host: string;
}

/** Receiver of other machines' texts: the search database, or a list in a test. It is regenerable and may lose everything. */
export interface TextSink {
  /**
   * Takes a pack's logs, all or none. A text that differs from the machine's index never replaces a held one: packs may come in any order,
   * and a pack may lag behind the index.
   */
  put(source: TextSource, texts: readonly PackedText[]): Answer<void>;
  /** Which of these machines, with packs put before, it has nothing of: it was rebuilt since. */
  missing(machines: readonly MachineUuid[]): Answer<ReadonlySet<MachineUuid>>;
  /** Drops everything held of these logs, however it came. */
  drop(logs: readonly { readonly machine: MachineUuid; readonly path: LogPath }[]): Answer<void>;
  /** Drops what came from a machine's packs. */
  forget(machine: MachineUuid): Answer<void>;
}
