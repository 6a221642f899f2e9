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

/** A text pack whose bytes were proved and whose logs follow. */
export interface ArrivedPack {
  readonly machine: MachineUuid;
  readonly host: string;
  /** SHA-256 (hex) of the packed bytes: what the pack is remembered by. */
  readonly sha256: string;
  /** Grows with every pack of a machine: the text of a log from a pack with a higher number is the newer one. */
  readonly seq: number;
}

/**
 * Who takes the text of other machines' logs: the search database. It is regenerable, and knows itself which packs it has, so that deleting
 * it brings all of them again.
 */
export interface TextSink {
  /** The packs that are held whole, by their digests. */
  heldPacks(): Promise<Result<ReadonlyMap<MachineUuid, ReadonlySet<string>>, AppError>>;
  /**
   * Takes the logs of a pack and remembers the pack, both or neither. A log that is held from a pack with a higher `seq` stays as it is.
   * @param texts read once, each made when it is asked for
   */
  putPack(pack: ArrivedPack, texts: Iterable<PackedText>): Promise<Result<void, AppError>>;
  /** Says which packs of a machine count as held from now on: those that were merged into another one are named no longer. */
  setHeldPacks(machine: MachineUuid, digests: readonly string[]): Promise<Result<void, AppError>>;
}
