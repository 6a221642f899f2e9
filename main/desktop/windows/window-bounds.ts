/** A rectangle on the desktop, in device-independent pixels. */
export interface Bounds {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** How the browser window was left. */
export interface WindowState {
  readonly bounds: Bounds | null;
  readonly maximized: boolean;
}

export const SMALLEST = { width: 720, height: 480 } as const;
const USUAL = { width: 1240, height: 800 } as const;

/** Parses the output of {@link formatWindowState}; anything invalid counts as never saved. */
export function parseWindowState(text: string): WindowState {
  try {
    const value = JSON.parse(text) as { readonly bounds?: unknown; readonly maximized?: unknown };
    return { bounds: boundsOf(value.bounds), maximized: value.maximized === true };
  } catch {
    return { bounds: null, maximized: false };
  }
}

export function formatWindowState(state: WindowState): string {
  return `${JSON.stringify(state)}\n`;
}

function boundsOf(value: unknown): Bounds | null {
  if (typeof value !== 'object' || value === null) return null;
  const { x, y, width, height } = value as Record<string, unknown>;
  const all = [x, y, width, height];
  if (!all.every((one): one is number => typeof one === 'number' && Number.isInteger(one))) return null;
  const [left = 0, top = 0, wide = 0, high = 0] = all;
  return wide > 0 && high > 0 ? { x: left, y: top, width: wide, height: high } : null;
}

/**
 * Where the window opens: at its last position, moved and shrunk as needed to be entirely on a current screen. An unplugged screen must not
 * keep its window.
 * @param screens the work areas of all screens, the main one first
 */
export function openingBounds(saved: Bounds | null, screens: readonly Bounds[]): Bounds {
  const main = screens[0] ?? { x: 0, y: 0, ...USUAL };
  const wanted = saved ?? centred(main);
  const screen = saved === null ? main : nearest(saved, screens, main);
  const width = Math.min(Math.max(wanted.width, SMALLEST.width), screen.width);
  const height = Math.min(Math.max(wanted.height, SMALLEST.height), screen.height);
  return {
    x: clamp(wanted.x, screen.x, screen.x + screen.width - width),
    y: clamp(wanted.y, screen.y, screen.y + screen.height - height),
    width,
    height,
  };
}

function centred(area: Bounds): Bounds {
  const width = Math.min(USUAL.width, area.width);
  const height = Math.min(USUAL.height, area.height);
  return {
    x: Math.round(area.x + (area.width - width) / 2),
    y: Math.round(area.y + (area.height - height) / 2),
    width,
    height,
  };
}

function nearest(bounds: Bounds, screens: readonly Bounds[], main: Bounds): Bounds {
  let best = main;
  let most = 0;
  for (const screen of screens) {
    const shared = overlap(bounds, screen);
    if (shared > most) [best, most] = [screen, shared];
  }
  return best;
}

function overlap(one: Bounds, other: Bounds): number {
  const width = Math.min(one.x + one.width, other.x + other.width) - Math.max(one.x, other.x);
  const height = Math.min(one.y + one.height, other.y + other.height) - Math.max(one.y, other.y);
  return Math.max(0, width) * Math.max(0, height);
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), Math.max(least, most));
}
