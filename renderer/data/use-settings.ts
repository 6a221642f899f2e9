import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useState } from 'react';
import type { AppError } from '../../shared/app-error.ts';
import type { Settings } from '../../shared/domain/settings.ts';
import type { CallInput } from '../../shared/ipc/contract.ts';
import type { SettingsView } from '../../shared/ipc/payloads.ts';
import { keyOf } from './ask.ts';
import { failureWords } from '../../shared/format/window-remedy.ts';
import { useAppInfo } from './use-status.ts';
import { useAction, useCall } from './call.ts';

export type SettingsChange = CallInput<'settings.set'>['change'];

export interface SettingsEditor {
  /** Null until they are loaded. */
  readonly view: SettingsView | null;
  readonly error: AppError | null;
  /** Saves a change; `onSaved` runs only if it was accepted. */
  readonly change: (change: SettingsChange, onSaved?: () => void) => void;
  readonly saving: boolean;
  /** The core's messages about fields, by name (`store.url`); '' holds those about no field. */
  readonly errors: Readonly<Record<string, string>>;
  /** Undoes the last change; null when there is none. */
  readonly undo: (() => void) | null;
  /** Clears the messages: the person is editing again. */
  readonly forget: () => void;
}

/** The settings, and changing them. */
export function useSettings(onSaved?: () => void): SettingsEditor {
  const client = useQueryClient();
  const timeZone = useAppInfo()?.timeZone ?? 'UTC';
  const query = useCall('settings.get', {});
  const [errors, setErrors] = useState<Readonly<Record<string, string>>>({});
  const keep = useCallback(
    (view: SettingsView) => client.setQueryData(keyOf('settings.get', {}), view),
    [client],
  );
  const [before, setBefore] = useState<SettingsChange | null>(null);
  const { mutate, isPending } = useAction('settings.set', {
    onDone(view, { change }) {
      setErrors({});
      // An undone change is not offered for undo: that would redo it.
      setBefore(query.data === undefined || change === before ? null : beforeOf(change, query.data.settings));
      keep(view);
      onSaved?.();
    },
    onFailed: (error) => setErrors(ruleAtField(error) ?? { [fieldOf(error)]: failureWords(error, timeZone) }),
  });
  return {
    view: query.data ?? null,
    error: query.error?.error ?? null,
    change: (change, saved) => mutate({ change }, saved === undefined ? {} : { onSuccess: saved }),
    saving: isPending,
    undo: before === null ? null : () => mutate({ change: before }),
    errors,
    forget: useCallback(() => setErrors({}), []),
  };
}

/** The name of the field an error is about; '' for none. */
export function fieldOf(error: AppError): string {
  const field = error.details?.['field'];
  return typeof field === 'string' ? field.replace(/^change\./, '') : '';
}

/** The requirement on a field's value, as a sentence to show beside it, by the field's name; null if the error is about more. */
export function ruleAtField(error: AppError): Readonly<Record<string, string>> | null {
  const rule = error.details?.['rule'];
  const field = fieldOf(error);
  if (typeof rule !== 'string' || rule === '' || field === '') return null;
  return { [field]: `${rule.charAt(0).toUpperCase()}${rule.slice(1)}.` };
}

/** The change that undoes another one. */
function beforeOf(change: SettingsChange, settings: Settings): SettingsChange {
  const now = settings as unknown as Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  return Object.fromEntries(
    Object.entries(change).map(([group, fields]) => [
      group,
      Object.fromEntries(Object.keys(fields ?? {}).map((field) => [field, now[group]?.[field]])),
    ]),
  );
}
