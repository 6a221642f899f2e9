import { useCallback, useMemo, useState, type ReactNode } from 'react';
import { en } from '../../shared/i18n/en.ts';
import { useCopy } from '../data/use-copy.ts';
import { useOpenLink } from '../data/use-open-link.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { MarkdownActionsContext, type MarkdownActions } from '../ui/markdown/markdown-actions.ts';
import { useToast } from '../ui/toaster.tsx';
import styles from './browser-app.module.css';

/** Enables copying from logs and opening links, after showing where a link really leads. */
export function LinkGuard(props: { readonly children: ReactNode }) {
  const [url, setUrl] = useState<string | null>(null);
  const toast = useToast();
  const copy = useCopy();
  const open = useOpenLink();
  const onCopy = useCallback(
    (text: string, what: string) => {
      void copy(text).then((done) =>
        toast(
          done
            ? { tone: 'success', title: en.common.copied(what) }
            : { tone: 'error', title: en.common.copyFailed, body: en.common.copyFailedBody },
        ),
      );
    },
    [copy, toast],
  );
  const actions = useMemo<MarkdownActions>(() => ({ onLink: setUrl, onCopy }), [onCopy]);
  const close = (): void => setUrl(null);
  const openAndTell = async (address: string): Promise<void> => {
    const error = await open(address);
    if (error !== null) toast({ tone: 'error', title: en.common.linkRefused, body: error.message });
  };
  return (
    <MarkdownActionsContext value={actions}>
      {props.children}
      {url === null ? null : (
        <Dialog
          title={en.common.linkTitle}
          onClose={close}
          footer={
            <>
              <Button onClick={close}>{en.common.cancel}</Button>
              <Button
                onClick={() => {
                  onCopy(url, en.common.linkAddress);
                  close();
                }}
              >
                {en.common.linkCopy}
              </Button>
              <Button
                tone="primary"
                icon="external"
                onClick={() => {
                  close();
                  void openAndTell(url);
                }}
              >
                {en.common.linkOpen}
              </Button>
            </>
          }
        >
          <p>{en.common.linkBody}</p>
          <p className={styles.linkHost}>
            {en.common.linkHost} <strong>{hostOf(url)}</strong>
          </p>
          <p className={styles.linkUrl}>{url}</p>
        </Dialog>
      )}
    </MarkdownActionsContext>
  );
}

/** The part of a URL that determines where it leads. */
function hostOf(url: string): string {
  const parsed = new URL(url);
  return parsed.protocol === 'mailto:' ? parsed.pathname : parsed.host;
}
