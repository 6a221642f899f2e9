import { useCallback, useRef, useState, type KeyboardEvent, type PointerEvent, type ReactNode } from 'react';
import { recall, remember } from './memory.ts';
import styles from './split-pane.module.css';
import { useRootSize } from './use-scroll-window.ts';

export interface SplitPaneProps {
  /** Key of the remembered width. */
  readonly name: string;
  /** What the separator does, for assistive technology. */
  readonly label: string;
  /** Widths in rem. */
  readonly initial: number;
  readonly min: number;
  readonly max: number;
  readonly children: ReactNode;
}

/** A pane whose width a person sets, by pointer or arrow keys, and which is remembered. */
export function SplitPane(props: SplitPaneProps) {
  const { name, min, max, initial } = props;
  const rem = useRootSize();
  const [width, setWidth] = useState(() =>
    recall(`pane.${name}`, initial, (value) => value >= min && value <= max),
  );
  const drag = useRef<{ readonly x: number; readonly width: number } | null>(null);
  const resize = useCallback(
    (wanted: number) => {
      const next = Math.min(max, Math.max(min, wanted));
      setWidth(next);
      remember(`pane.${name}`, next);
    },
    [name, min, max],
  );
  const onPointerDown = (event: PointerEvent<HTMLDivElement>): void => {
    event.currentTarget.setPointerCapture(event.pointerId);
    drag.current = { x: event.clientX, width };
  };
  const onPointerMove = (event: PointerEvent<HTMLDivElement>): void => {
    if (drag.current !== null) resize(drag.current.width + (event.clientX - drag.current.x) / rem);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>): void => {
    const wanted = { ArrowLeft: width - 1, ArrowRight: width + 1, Home: min, End: max }[event.key];
    if (wanted === undefined) return;
    event.preventDefault();
    resize(wanted);
  };
  return (
    <div className={styles.pane} style={{ inlineSize: `${width}rem` }}>
      {props.children}
      <div
        className={styles.handle}
        role="separator"
        aria-orientation="vertical"
        aria-label={props.label}
        aria-valuenow={Math.round(width)}
        aria-valuemin={min}
        aria-valuemax={max}
        tabIndex={0}
        onPointerDown={onPointerDown}
        onPointerMove={onPointerMove}
        onPointerUp={() => (drag.current = null)}
        onPointerCancel={() => (drag.current = null)}
        onDoubleClick={() => resize(initial)}
        onKeyDown={onKeyDown}
      />
    </div>
  );
}
