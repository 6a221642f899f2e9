import type { Bounds } from './window-bounds.ts';

const GAP = 8;

/**
 * Where the panel opens: under or over the tray icon if the platform reports its position, else in the corner where the tray usually is.
 * @param tray the icon's bounds; all zero (or no area) if the platform does not report them
 * @param workArea of the screen concerned: without menu bar, dock or task bar
 * @param screen the same screen, whole
 */
export function panelPlace(
  size: { readonly width: number; readonly height: number },
  tray: Bounds,
  workArea: Bounds,
  screen: Bounds,
): Bounds {
  const width = Math.min(size.width, workArea.width);
  const height = Math.min(size.height, workArea.height - 2 * GAP);
  const [right, bottom] = [workArea.x + workArea.width, workArea.y + workArea.height];
  const within = (x: number, y: number): Bounds => ({
    x: Math.round(Math.min(Math.max(x, workArea.x + GAP), right - width - GAP)),
    y: Math.round(Math.min(Math.max(y, workArea.y + GAP), bottom - height - GAP)),
    width,
    height,
  });
  if (tray.width === 0 || tray.height === 0) {
    // A bar on top (GNOME, macOS) contains the tray; otherwise it is below.
    const barOnTop = workArea.y > screen.y;
    const barBelow = screen.y + screen.height > bottom;
    return within(right - width - GAP, barOnTop || !barBelow ? workArea.y : bottom - height - GAP);
  }
  const middle = tray.x + tray.width / 2 - width / 2;
  if (tray.y < workArea.y) return within(middle, workArea.y + GAP);
  if (tray.y >= bottom) return within(middle, bottom - height - GAP);
  // A task bar at the side, or the Windows overflow flyout above the bar.
  return within(tray.x < workArea.x ? workArea.x : middle, tray.y - height - GAP);
}
