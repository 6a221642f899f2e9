import { connectToBus, variant } from './bus-peer.ts';
import type { BusPeer, BusTarget, BusValue } from './bus-peer.ts';
import { happenings } from './happening.ts';
import type { Happenings } from './happening.ts';

/** A picture of a tray icon: 4 bytes a pixel, alpha first, as the bus carries it. */
export interface TrayPixmap {
  readonly width: number;
  readonly height: number;
  readonly argb: Buffer;
}

/** What a tray icon shows now. */
export interface TrayState {
  readonly id: string;
  readonly title: string;
  /** `Active`, `Passive` or `NeedsAttention`. */
  readonly status: string;
  readonly tooltip: string;
  readonly pixmaps: readonly TrayPixmap[];
  /** Name or path of an icon file, for icons that are not sent as pictures. */
  readonly iconName: string;
}

/** One line of a tray menu. */
export interface TrayMenuItem {
  readonly id: number;
  /** Without the mnemonic's underscore. */
  readonly label: string;
  readonly enabled: boolean;
  readonly visible: boolean;
  readonly separator: boolean;
  /** Undefined for a line that cannot be checked. */
  readonly checked: boolean | undefined;
  /** Such as `Control+Shift+p`; empty for none. */
  readonly shortcut: string;
  readonly children: readonly TrayMenuItem[];
}

/** A tray icon that an app registered. */
export interface TrayItem {
  /** Unique name of the app's connection. */
  readonly owner: string;
  /** Reads what it shows now. */
  state(): Promise<TrayState>;
  /** Reads its menu now. */
  menu(): Promise<readonly TrayMenuItem[]>;
  /**
   * Chooses a line of the menu.
   * @param labels the path of labels to it, such as `['Pause', 'For one hour']`
   * @throws Error when there is no such line, with the labels that there are, or when it is disabled
   */
  choose(...labels: string[]): Promise<void>;
  /** Clicks the icon with the main button. */
  activate(): Promise<void>;
  /** Waits until what it shows fits. Looks again whenever the app says that something changed. */
  shows(fits: (state: TrayState) => boolean, what: string, timeoutMs?: number): Promise<TrayState>;
}

/** A desktop's tray, as an app sees it. */
export interface TrayHost {
  /** Every icon registered so far. */
  readonly items: Happenings<TrayItem>;
  close(): void;
}

const WATCHER = 'org.kde.StatusNotifierWatcher';
const ITEM = 'org.kde.StatusNotifierItem';
const MENU = 'com.canonical.dbusmenu';
const PROPERTIES = 'org.freedesktop.DBus.Properties';
const TIMEOUT_MS = 20_000;
/** How often a line is looked for whose menu changes under the pointer. */
const TRIES = 3;
/** Data of an event that has none. */
const NO_DATA = variant('s', '');

/**
 * Becomes the tray of a session bus. Start it before the app: without one Electron shows no tray icon.
 * @param address of the bus
 */
export async function startTrayHost(address: string): Promise<TrayHost> {
  const peer = await connectToBus(address);
  const items = happenings<TrayItem>();
  const registered: string[] = [];
  const changes = new Set<() => void>();
  const changed = (): void => {
    for (const look of changes) look();
  };
  await peer.listen(ITEM, changed);
  await peer.listen(MENU, changed);
  peer.serve({
    path: '/StatusNotifierWatcher',
    interface: WATCHER,
    methods: {
      RegisterStatusNotifierHost: { answers: '', run: () => [] },
      RegisterStatusNotifierItem: {
        answers: '',
        run: ([service], sender) => {
          // An item gives the name it owns, or a path on its own connection.
          const given = textOf(service);
          const path = given.startsWith('/') ? given : '/StatusNotifierItem';
          registered.push(given.startsWith('/') ? `${sender}${given}` : given);
          items.add(trayItem(peer, { destination: sender, path, interface: ITEM }, changes));
          return [];
        },
      },
    },
    properties: {
      IsStatusNotifierHostRegistered: { signature: 'b', value: true },
      ProtocolVersion: { signature: 'i', value: 0 },
      RegisteredStatusNotifierItems: { signature: 'as', value: registered },
    },
  });
  await peer.own(WATCHER);
  return { items, close: () => peer.close() };
}

/** One registered icon. */
function trayItem(peer: BusPeer, target: BusTarget, changes: Set<() => void>): TrayItem {
  const properties = async (): Promise<Record<string, BusValue>> => {
    const [all] = await peer.call({ ...target, interface: PROPERTIES }, 'GetAll', 's', [ITEM]);
    return all as Record<string, BusValue>;
  };
  const menuTarget = async (): Promise<BusTarget> => ({
    ...target,
    interface: MENU,
    path: textOf((await properties())['Menu']),
  });
  const state = async (): Promise<TrayState> => trayState(await properties());
  const menu = async (): Promise<readonly TrayMenuItem[]> => {
    const [, layout] = await peer.call(await menuTarget(), 'GetLayout', 'iias', [0, -1, []]);
    return menuItem(layout).children;
  };
  return {
    owner: target.destination,
    state,
    menu,
    choose: async (...labels) => {
      for (let left = TRIES; ; left -= 1) {
        const item = findItem(await menu(), labels);
        try {
          await peer.call(await menuTarget(), 'Event', 'isvu', [item.id, 'clicked', NO_DATA, 0]);
          return;
        } catch (cause) {
          // The app has laid its menu out anew in between: that line is gone and was not clicked. A desktop reads the menu again, too.
          if (left <= 1 || !/in Event/.test(String(cause))) throw cause;
        }
      }
    },
    activate: async () => {
      await peer.call(target, 'Activate', 'ii', [0, 0]);
    },
    shows: (fits, what, timeoutMs = TIMEOUT_MS) => untilState({ state, changes, fits, what, timeoutMs }),
  };
}

/** Reads a state again after each change until it fits. */
async function untilState(wanted: {
  readonly state: () => Promise<TrayState>;
  readonly changes: Set<() => void>;
  readonly fits: (state: TrayState) => boolean;
  readonly what: string;
  readonly timeoutMs: number;
}): Promise<TrayState> {
  const deadline = Date.now() + wanted.timeoutMs;
  for (;;) {
    // The wait starts before the look, so that a change between the two is not missed.
    const change = nextChange(wanted.changes, deadline - Date.now());
    const now = await wanted.state();
    if (wanted.fits(now)) {
      change.cancel();
      return now;
    }
    if (!(await change.came)) {
      throw new Error(
        `the tray did not show ${wanted.what} within ${wanted.timeoutMs} ms; it shows ${JSON.stringify({ ...now, pixmaps: now.pixmaps.length })}`,
      );
    }
  }
}

/** The next change, or the end of the time. */
function nextChange(
  changes: Set<() => void>,
  timeoutMs: number,
): { readonly came: Promise<boolean>; cancel(): void } {
  let settle: (came: boolean) => void = () => undefined;
  const came = new Promise<boolean>((resolve) => {
    settle = resolve;
  });
  const look = (): void => finish(true);
  const timer = setTimeout(() => finish(false), Math.max(0, timeoutMs));
  const finish = (value: boolean): void => {
    clearTimeout(timer);
    changes.delete(look);
    settle(value);
  };
  changes.add(look);
  return { came, cancel: () => finish(false) };
}

/** A value that should be text; empty where it is not there. */
function textOf(value: BusValue): string {
  return typeof value === 'string' ? value : '';
}

/** Names the properties of an icon. */
function trayState(properties: Record<string, BusValue>): TrayState {
  const [, , title, body] = (properties['ToolTip'] ?? []) as BusValue[];
  const pixmaps = (properties['IconPixmap'] ?? []) as [number, number, Buffer][];
  return {
    id: textOf(properties['Id']),
    title: textOf(properties['Title']),
    status: textOf(properties['Status']),
    tooltip: [title, body].filter((part) => typeof part === 'string' && part !== '').join('\n'),
    pixmaps: pixmaps.map(([width, height, argb]) => ({ width, height, argb })),
    iconName: textOf(properties['IconName']),
  };
}

/** Names the parts of a line of the menu: its id, its properties, its lines below. */
function menuItem(layout: BusValue): TrayMenuItem {
  const [id, properties, children] = layout as [number, Record<string, BusValue>, BusValue[]];
  const toggle = textOf(properties['toggle-type']);
  const keys = (properties['shortcut'] ?? []) as string[][];
  return {
    id,
    // A single underscore marks the mnemonic, a double one stands for itself.
    label: textOf(properties['label']).replace(/_(.?)/g, '$1'),
    enabled: properties['enabled'] !== false,
    visible: properties['visible'] !== false,
    separator: properties['type'] === 'separator',
    checked: toggle === '' ? undefined : properties['toggle-state'] === 1,
    shortcut: (keys[0] ?? []).join('+'),
    children: children.map(menuItem),
  };
}

/** Follows labels down a menu. */
function findItem(menu: readonly TrayMenuItem[], labels: readonly string[]): TrayMenuItem {
  const [label, ...rest] = labels;
  const item = menu.find((each) => each.label === label && each.visible);
  if (item === undefined) {
    const there = menu.filter(({ visible, separator }) => visible && !separator).map((each) => each.label);
    throw new Error(`the tray menu has no line "${label}"; it has ${JSON.stringify(there)}`);
  }
  if (!item.enabled) throw new Error(`the line "${label}" of the tray menu is disabled`);
  return rest.length === 0 ? item : findItem(item.children, rest);
}
