import { useState } from 'react';
import type { AppError } from '../../../shared/app-error.ts';
import { visibleText } from '../../../shared/format/visible-text.ts';
import { en } from '../../../shared/i18n/en.ts';
import type { SettingsView } from '../../../shared/ipc/payloads.ts';
import { useAction, useCall } from '../../data/call.ts';
import { useAppInfo } from '../../data/use-status.ts';
import { Button } from '../../ui/button.tsx';
import { EmptyState, Problem } from '../../ui/state.tsx';

/** The current settings, when the file cannot be read; null when all is well or not known yet. */
export function useBrokenSettings(): SettingsView | null {
  const view = useCall('settings.get', {}).data ?? null;
  return view === null || view.problem === null ? null : view;
}

/** Replaces everything else: what is wrong with settings.json, and the ways out. */
export function SettingsBroken(props: { readonly view: SettingsView }) {
  const { path, problem, hasLastGood } = props.view;
  const words = en.welcome;
  const canShow = useAppInfo()?.capabilities.reveal === true;
  const [refused, setRefused] = useState<AppError | null>(null);
  const reveal = useAction('app.reveal', { onFailed: setRefused });
  const recover = useAction('settings.recover', { onDone: () => setRefused(null), onFailed: setRefused });
  return (
    <div role="alert">
      <h2 className="visually-hidden">{words.brokenHeading}</h2>
      <EmptyState
        icon="settings"
        title={words.brokenTitle}
        actions={
          <>
            {hasLastGood ? (
              <Button
                tone="primary"
                busy={recover.isPending}
                onClick={() => recover.mutate({ from: 'last-good' })}
              >
                {words.brokenRestore}
              </Button>
            ) : null}
            {canShow ? (
              <Button onClick={() => reveal.mutate({ what: 'settings' })}>{words.brokenOpen}</Button>
            ) : null}
            <Button busy={recover.isPending} onClick={() => recover.mutate({ from: 'defaults' })}>
              {words.brokenDefaults}
            </Button>
          </>
        }
      >
        <p>{visibleText(problem?.message ?? path)}</p>
        <p>{words.brokenBody}</p>
        <p>{words.brokenKept}</p>
        {refused === null ? null : <Problem error={refused} />}
      </EmptyState>
    </div>
  );
}
