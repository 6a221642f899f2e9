import { useQueryClient } from '@tanstack/react-query';
import { visibleLine } from '../../../shared/format/visible-text.ts';
import { en } from '../../../shared/i18n/en.ts';
import type { CommandLineState } from '../../../shared/ipc/payloads.ts';
import { keyOf } from '../../data/ask.ts';
import { useAction, useCall } from '../../data/call.ts';
import { Button } from '../../ui/button.tsx';
import { Problem } from '../../ui/state.tsx';
import styles from './settings-view.module.css';

const words = en.settings.commandLine;

/** The command `session-log`: whether it is installed, what is wrong with it, and installing it. */
export function CommandLineSection({ windows }: { readonly windows: boolean }) {
  const client = useQueryClient();
  const query = useCall('cli.status', {});
  const keep = (state: CommandLineState): void => {
    client.setQueryData(keyOf('cli.status', {}), state);
  };
  const install = useAction('cli.install', { onDone: keep });
  const remove = useAction('cli.remove', { onDone: keep });
  const state = query.data;
  const failure = query.error ?? install.error ?? remove.error;
  return (
    <section className={styles.group} aria-label={words.title}>
      <h3>{words.title}</h3>
      <p className={styles.intro}>{words.intro}</p>
      {state === undefined ? null : <State state={state} windows={windows} />}
      {failure === null ? null : <Problem error={failure.error} />}
      {state?.by === 'app' ? (
        <div className={styles.buttons}>
          {canInstall(state) ? (
            <Button tone="primary" busy={install.isPending} onClick={() => install.mutate({})}>
              {state.state === 'absent' ? words.install : words.repair}
            </Button>
          ) : null}
          {state.state === 'absent' || state.state === 'foreign' ? null : (
            <Button busy={remove.isPending} onClick={() => remove.mutate({})}>
              {words.remove}
            </Button>
          )}
        </div>
      ) : null}
    </section>
  );
}

function canInstall({ state }: CommandLineState): boolean {
  return state === 'absent' || state === 'old' || state === 'gone';
}

function State({ state, windows }: { readonly state: CommandLineState; readonly windows: boolean }) {
  const path = visibleLine(state.path);
  const folder = path.replace(/\/[^/]*$/, '');
  const isHidden = state.state === 'installed' && !state.onPath && state.by !== 'source';
  return (
    <>
      <p role="status">{state.by === 'source' ? words.fromSources : words.states[state.state](path)}</p>
      {isHidden ? (
        <p className={styles.intro}>
          {windows ? words.notOnWindowsPath : words.notOnPath}{' '}
          <code>{windows ? folder.replaceAll('/', '\\') : words.pathLine(folder)}</code>
        </p>
      ) : null}
    </>
  );
}
