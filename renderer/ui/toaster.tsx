import { createContext, use, useCallback, useEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import { en } from '../../shared/i18n/en.ts';
import { visibleText } from '../../shared/format/visible-text.ts';
import { Button, IconButton } from './button.tsx';
import { cx, Icon } from './icon.tsx';
import type { IconName } from './icon-paths.ts';
import styles from './toaster.module.css';

export interface Toast {
  readonly tone: 'info' | 'success' | 'warning' | 'error';
  readonly title: string;
  readonly body?: string;
  /**
   * What it is about: a later toast on the same subject replaces it. By default its own text, for a success that any other success
   * replaces.
   */
  readonly cause?: string;
  readonly action?: { readonly label: string; readonly run: () => void };
}

interface ShownToast extends Toast {
  readonly id: number;
}

interface Toasts {
  readonly show: (toast: Toast) => void;
  /** Removes the toasts whose cause is resolved. */
  readonly close: (isOver: (cause: string) => boolean) => void;
}

const ToastContext = createContext<Toasts>({ show: () => undefined, close: () => undefined });
/** Milliseconds; errors stay until closed. */
const STAY: Readonly<Record<Toast['tone'], number | null>> = {
  info: 7_000,
  success: 5_000,
  warning: 12_000,
  error: null,
};
const SIGN: Readonly<Record<Toast['tone'], IconName>> = {
  info: 'info',
  success: 'check',
  warning: 'clock',
  error: 'alert',
};
const MOST = 4;

/** Returns a function that shows a toast. */
export function useToast(): Toasts['show'] {
  return use(ToastContext).show;
}

/** Returns a function that removes toasts by their cause. */
export function useCloseToasts(): Toasts['close'] {
  return use(ToastContext).close;
}

function causeOf(toast: Toast): string {
  if (toast.cause !== undefined) return toast.cause;
  return toast.tone === 'success' && toast.action === undefined
    ? 'success'
    : `${toast.title}\n${toast.body ?? ''}`;
}

/** Holds a page's toasts, in a live region that exists before the first of them, or screen readers would not announce it. */
export function Toaster(props: { readonly children: ReactNode }) {
  const [toasts, setToasts] = useState<readonly ShownToast[]>([]);
  const last = useRef(0);
  const show = useCallback((toast: Toast) => {
    last.current += 1;
    const id = last.current;
    const cause = causeOf(toast);
    setToasts((shown) =>
      [...shown.filter((other) => causeOf(other) !== cause), { ...toast, id }].slice(-MOST),
    );
  }, []);
  const closeCauses = useCallback<Toasts['close']>(
    (isOver) =>
      setToasts((shown) => {
        const left = shown.filter((toast) => !isOver(causeOf(toast)));
        return left.length === shown.length ? shown : left;
      }),
    [],
  );
  const context = useMemo(() => ({ show, close: closeCauses }), [show, closeCauses]);
  const close = useCallback(
    (id: number) => setToasts((shown) => shown.filter((toast) => toast.id !== id)),
    [],
  );
  const errors = useMemo(() => toasts.filter((toast) => toast.tone === 'error'), [toasts]);
  const others = useMemo(() => toasts.filter((toast) => toast.tone !== 'error'), [toasts]);
  return (
    <ToastContext value={context}>
      {props.children}
      <div className={styles.stack} data-print="none" role="region" aria-label={en.common.messages}>
        <div role="status" aria-live="polite">
          {others.map((toast) => (
            <ToastCard key={toast.id} toast={toast} onClose={close} />
          ))}
        </div>
        <div role="alert" aria-live="assertive">
          {errors.map((toast) => (
            <ToastCard key={toast.id} toast={toast} onClose={close} />
          ))}
        </div>
      </div>
    </ToastContext>
  );
}

function ToastCard(props: { readonly toast: ShownToast; readonly onClose: (id: number) => void }) {
  const { toast, onClose } = props;
  const [held, setHeld] = useState(false);
  const stay = STAY[toast.tone];
  useEffect(() => {
    // A toast stays while the pointer or the focus is on it, so that nobody loses a message they are reading.
    if (stay === null || held) return undefined;
    const timer = setTimeout(() => onClose(toast.id), stay);
    return () => clearTimeout(timer);
  }, [stay, held, onClose, toast.id]);
  return (
    <div
      className={cx(styles.toast, styles[toast.tone])}
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
    >
      <Icon name={SIGN[toast.tone]} />
      <div className={styles.words}>
        <strong>{visibleText(toast.title)}</strong>
        {toast.body === undefined ? null : <p>{visibleText(toast.body)}</p>}
        {toast.action === undefined ? null : (
          <Button
            size="small"
            onClick={() => {
              toast.action?.run();
              onClose(toast.id);
            }}
          >
            {toast.action.label}
          </Button>
        )}
      </div>
      <IconButton icon="close" label={en.common.close} onClick={() => onClose(toast.id)} />
    </div>
  );
}
