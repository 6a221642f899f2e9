/** What the machine runs on, as far as the system tells; what it does not tell counts as no reason to wait. */
export interface PowerState {
  readonly onBattery: boolean;
  /** The network is paid by volume. */
  readonly metered: boolean;
  readonly online: boolean;
}

/** `wake`: the machine slept and is awake; `changed`: look at {@link Power.state} again. */
export type PowerEvent = 'wake' | 'changed';

/** The machine's supply and network. */
export interface Power {
  state(): PowerState;
  /** Whether anybody wants to know of metered networks: asking the system for it costs something. */
  wantMetered(on: boolean): void;
  /** Whether this system tells of metered networks at all. */
  canTellMetered(): Promise<boolean>;
  /** Calls back until the returned function is called. */
  subscribe(listener: (event: PowerEvent) => void): () => void;
}
