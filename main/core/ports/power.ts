/** The machine's power and network as far as the system tells; what is unknown is no reason to wait. */
export interface PowerState {
  readonly onBattery: boolean;
  /** The network is paid by volume. */
  readonly metered: boolean;
  readonly online: boolean;
}

/** `wake`: the machine woke from sleep; `changed`: read {@link Power.state} again. */
export type PowerEvent = 'wake' | 'changed';

/** Its power supply and network. */
export interface Power {
  state(): PowerState;
  /** Whether to watch for metered networks: asking the system for it has a cost. */
  wantMetered(on: boolean): void;
  /** Whether this system reports metered networks at all. */
  canTellMetered(): Promise<boolean>;
  /** Calls back until the returned function is called. */
  subscribe(listener: (event: PowerEvent) => void): () => void;
}
