/** One hardware fact: the `key` and raw `value` of the composite, e.g. `hw_uuid` and an IOPlatformUUID. */
export interface HardwarePart {
  readonly key: string;
  /** Already hashed where the raw value is private (`serial_hash`, `mac_hash`). */
  readonly value: string;
}

export interface MachineFacts {
  readonly parts: readonly HardwarePart[];
  /** Failed or missing probes, in words, for `doctor`. */
  readonly problems: readonly string[];
  readonly hostname: string;
  /** As Python's `platform.system()`: `Darwin`, `Linux`, `Windows`. */
  readonly platform: string;
  readonly platformVersion: string;
  readonly model: string;
}

/** Reads hardware facts. Slow; called once, then only by `init`, `machine` and `doctor`. */
export interface MachineProbe {
  probe(): Promise<MachineFacts>;
  /** The cheap part, for the cloned- or renamed-machine check. */
  hostname(): string;
}
