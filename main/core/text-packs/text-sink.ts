import type { AppError } from '../../../shared/app-error.ts';
import type { CalendarDate, LogPath, MachineUuid } from '../../../shared/domain/ids.ts';
import type { Result } from '../../../shared/result.ts';

/** The searchable text of one log of another machine, as a text pack brought it. Hostile: nothing but its form was checked. */
export interface PackedText {
  readonly path: LogPath;
  /** SHA-256 (hex) of the log that the text was made from. */
  readonly sha256: string;
  readonly date: CalendarDate;
  /** Line by line as in the log, so that a line number means the same in both; what is withheld is blank. */
  readonly text: string;
  /** True when the log is longer than a pack carries; the text says so at its end. */
  readonly cut: boolean;
}

/** Whose texts arrive. */
export interface TextSource {
  readonly machine: MachineUuid;
  readonly host: string;
}

/** Who takes the text of other machines' logs: the search database, and a list in a test. It is regenerable and may lose all it has. */
export interface TextSink {
  /**
   * Takes the logs of a pack, all or none. A text that is not the one of the machine's index never replaces one that is held: packs may come
   * in any order, and a pack may lag behind the index.
   */
  put(source: TextSource, texts: readonly PackedText[]): Promise<Result<void, AppError>>;
  /** Which of these machines, whose packs were put, it holds nothing of: it was made anew since. */
  missing(machines: readonly MachineUuid[]): Promise<Result<ReadonlySet<MachineUuid>, AppError>>;
  /** Drops all that it holds of these logs, however it came. */
  drop(
    logs: readonly { readonly machine: MachineUuid; readonly path: LogPath }[],
  ): Promise<Result<void, AppError>>;
  /** Drops what it holds of a machine by packs alone. */
  forget(machine: MachineUuid): Promise<Result<void, AppError>>;
}
