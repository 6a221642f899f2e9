import { useQueryClient } from '@tanstack/react-query';
import { useRef } from 'react';
import { en } from '../../../shared/i18n/en.ts';
import { keyOf } from '../../data/ask.ts';
import { useAction } from '../../data/call.ts';
import { useStatus } from '../../data/use-status.ts';
import { Button } from '../../ui/button.tsx';
import { Choice, SelectField, SwitchField } from '../../ui/field.tsx';
import { useToast } from '../../ui/toaster.tsx';
import { CommandLineSection } from './command-line-section.tsx';
import type { PageProps } from './page-props.ts';
import { SavedField } from './saved-field.tsx';
import styles from './settings-view.module.css';
import { failureWords } from '../../../shared/format/window-remedy.ts';
import { useToastFailure } from '../../ui/remedy.tsx';

/** How the app itself behaves and looks. */
export function AppPage(props: PageProps & { readonly path: string }) {
  const { settings, editor, info } = props;
  const { app } = settings;
  const words = en.settings.app;
  return (
    <>
      <div className={styles.row}>
        <span>{words.theme}</span>
        <Choice
          label={words.theme}
          value={app.theme}
          options={(['system', 'light', 'dark'] as const).map((value) => ({
            value,
            label: words.themes[value],
          }))}
          onChange={(theme) => editor.change({ app: { theme } })}
        />
      </div>
      {info.capabilities.launchAtLogin ? (
        <SwitchField
          label={words.launch}
          checked={app.launchAtLogin}
          onChange={(launchAtLogin) => editor.change({ app: { launchAtLogin } })}
        />
      ) : null}
      <SavedField
        label={words.timeZone}
        hint={words.timeZoneHint}
        value={app.timeZone}
        error={editor.errors['app.timeZone'] ?? null}
        onSave={(timeZone) => editor.change({ app: { timeZone: timeZone.trim() } })}
      />
      <SavedField
        label={words.editor}
        hint={words.editorHint}
        mono
        value={app.editor}
        error={editor.errors['app.editor'] ?? null}
        onSave={(command) => editor.change({ app: { editor: command.trim() } })}
      />
      {info.capabilities.updates ? <Updates {...props} /> : null}
      <CommandLineSection windows={info.platform === 'win32'} />
      <MoveSettings />
      {info.capabilities.reveal ? <Files /> : null}
      <section className={styles.group}>
        <h3>{words.about}</h3>
        <p>{words.version(info.version)}</p>
        <p className={styles.intro}>
          {Object.entries(info.runtime)
            .map(([name, version]) => `${name} ${version}`)
            .join(' · ')}
        </p>
      </section>
    </>
  );
}

function Updates(props: PageProps) {
  const { settings, editor } = props;
  const words = en.settings.app;
  const update = useStatus()?.update;
  const onFailed = useToastFailure();
  const check = useAction('update.check', { onFailed });
  const install = useAction('update.install', { onFailed });
  return (
    <section className={styles.group}>
      <SelectField
        label={words.updates}
        value={settings.app.updateChannel}
        options={(['off', 'stable', 'beta'] as const).map((value) => ({
          value,
          label: words.updateOptions[value],
        }))}
        onChange={(updateChannel) => editor.change({ app: { updateChannel } })}
      />
      <SavedField
        label={words.updateFeed}
        hint={words.updateFeedHint}
        mono
        value={settings.app.updateFeed}
        error={editor.errors['app.updateFeed'] ?? null}
        onSave={(updateFeed) => editor.change({ app: { updateFeed: updateFeed.trim() } })}
      />
      <div className={styles.buttons}>
        {update?.state === 'ready' ? (
          <Button tone="primary" onClick={() => install.mutate({})}>
            {words.install}
          </Button>
        ) : (
          <Button
            busy={check.isPending}
            disabled={settings.app.updateChannel === 'off' || settings.app.updateFeed === ''}
            onClick={() => check.mutate({})}
          >
            {words.checkNow}
          </Button>
        )}
        <span role="status">{update === undefined ? '' : updateWords(update, props.info.timeZone)}</span>
      </div>
    </section>
  );
}

function updateWords(update: NonNullable<ReturnType<typeof useStatus>>['update'], timeZone: string): string {
  const words = en.settings.app;
  switch (update.state) {
    case 'downloading':
      return words.updateDownloading(update.version, update.percent);
    case 'ready':
      return words.updateReady(update.version);
    case 'failed':
      return failureWords(update.error, timeZone);
    default:
      return words.updateStates[update.state];
  }
}

function MoveSettings() {
  const words = en.settings.app;
  const toast = useToast();
  const client = useQueryClient();
  const chooser = useRef<HTMLInputElement>(null);
  const onFailed = useToastFailure();
  const save = useAction('settings.export', {
    onDone: ({ savedTo, text, fileName }) => {
      if (savedTo === null) download(fileName, text);
      else toast({ tone: 'success', title: words.exported(savedTo) });
    },
    onFailed: (error) => {
      if (error.code !== 'cancelled') onFailed(error);
    },
  });
  const load = useAction('settings.import', {
    onDone: (view) => {
      client.setQueryData(keyOf('settings.get', {}), view);
      const body = view.leftOut.length === 0 ? {} : { body: words.leftOut(view.leftOut.join(', ')) };
      toast({ tone: 'success', title: words.imported, ...body });
    },
    onFailed,
  });
  return (
    <section className={styles.group}>
      <h3>{words.move}</h3>
      <p className={styles.intro}>{words.moveHint}</p>
      <div className={styles.buttons}>
        <Button icon="upload" busy={save.isPending} onClick={() => save.mutate({})}>
          {words.export}
        </Button>
        <Button icon="download" busy={load.isPending} onClick={() => chooser.current?.click()}>
          {words.import}
        </Button>
        <input
          ref={chooser}
          type="file"
          accept=".json,application/json"
          hidden
          aria-label={words.import}
          onChange={(event) => {
            const file = event.target.files?.[0];
            event.target.value = '';
            if (file) void file.text().then((text) => load.mutate({ text }));
          }}
        />
      </div>
    </section>
  );
}

/** Hands a file to the browser; the blob's URL is revoked right after. */
function download(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}

function Files() {
  const words = en.settings.app;
  const onFailed = useToastFailure();
  const reveal = useAction('app.reveal', { onFailed });
  return (
    <section className={styles.group}>
      <h3>{words.files}</h3>
      <div className={styles.buttons}>
        <Button icon="folder" onClick={() => reveal.mutate({ what: 'data' })}>
          {words.showData}
        </Button>
        <Button icon="settings" onClick={() => reveal.mutate({ what: 'settings' })}>
          {words.showSettings}
        </Button>
        <Button icon="logs" onClick={() => reveal.mutate({ what: 'app-log' })}>
          {words.showAppLog}
        </Button>
      </div>
    </section>
  );
}
